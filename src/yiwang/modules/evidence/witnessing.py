"""Witnesses of the log, as the rest of the house sees them: one page to import from.

Another party signs the log's checkpoints only after checking that the log grew and nothing in it changed. What decides
a tender waits for enough of these signatures; everything else goes on and says that they are missing.

| where | what |
|---|---|
| :mod:`.policies` | whose signatures, and how many of them, are enough |
| :mod:`.collecting` | the worker's step: ask all witnesses, keep what they sign |
| :mod:`.cosigned` | checkpoints with their cosignatures |
| :mod:`.waiting` | which acts wait, and the door's guard |
| :mod:`.witnesses` | how each witness does, the notice on every page, alarms |
"""

from __future__ import annotations

from yiwang.modules.evidence.collecting import collect_once
from yiwang.modules.evidence.cosigned import Seen, at_least, latest, newest, of_size
from yiwang.modules.evidence.policies import policy, policy_text
from yiwang.modules.evidence.waiting import WAITS, waits
from yiwang.modules.evidence.witnesses import Alarm, WitnessState, alarms, notice, states

__all__ = [
    "WAITS",
    "Alarm",
    "Seen",
    "WitnessState",
    "alarms",
    "at_least",
    "collect_once",
    "latest",
    "newest",
    "notice",
    "of_size",
    "policy",
    "policy_text",
    "states",
    "waits",
]
