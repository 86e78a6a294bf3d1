"""Signed refusals: who comes after the deadline gets it in writing, signed with the log's key.

Nothing of it is kept: who was late is nobody's business, and no entry of the log tells it. The tenderer has the file.
"""

from __future__ import annotations

import base64
import logging
import re
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from yiwang.kernel.errors import YiwangError
from yiwang.modules.evidence import permits, registry, witness_clock, witnessing
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.sequencer import the_log
from yiwang.seal.refusal import Head, Refusal
from yiwang.tlog import note as notes
from yiwang.tlog.checkpoint import unverified

LATE_ACTS = frozenset({"bid.submit", "bid.commit", "bid.deliver"})
"""Acts that the deadline ends (``bid.deliver``: the grace after it); whoever comes too late gets a signed refusal."""

_CLOSINGS = ("opening.close", "tender.fail")
_HEX64 = re.compile(r"[0-9a-f]{64}")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed refusal as a file: its name and its text (a C2SP signed note)."""

    name: str
    text: str

    @property
    def address(self) -> str:
        """The file as a ``data:`` address, for a link that saves it: nothing is kept here to be fetched later."""
        return f"data:text/plain;charset=utf-8;base64,{base64.b64encode(self.text.encode()).decode()}"


def late(
    actor: Actor, tender: Any, act: str, now: datetime, *, lot: str = "", envelope_sha256: str = ""
) -> Signed | None:
    """The refusal for somebody who tried a bid after the deadline (招标投标法 第28条); None when that is not why.

    Call it only once the act has been refused, and only for somebody who really tried.

    Args:
        act: what was tried.
        now: the moment at which it came.
        lot: for which lot; left out of the file when there is none of that number.
        envelope_sha256: the sealed file's SHA-256 in hex, where known.
    """
    until = until_of(tender, act)
    if until is None or now < until or actor.organisation is None:
        return None
    if not permits.role_for(registry.row_of(act), actor, tender):
        return None
    if tender.state == "tendering" and not witness_clock.deadline_is_certain():
        return None  # not refused as late, but until the clock is compared
    known = tender.lots.filter(number=lot).exists() if lot else False
    try:
        return _signed(
            act=act,
            tender=tender,
            lot=lot if known else "",
            tenderer=actor.organisation.uscc,
            envelope=envelope_sha256 if _HEX64.fullmatch(envelope_sha256) else "",
            received=now,
            deadline=until,
        )
    except (YiwangError, OSError):  # the refusal itself stands, with or without a signature
        _log.exception("a late bid was refused without a signed refusal")
        return None


def until_of(tender: Any, act: str) -> datetime | None:
    """Until when the act may be done; None for acts that no deadline ends, and for drafts."""
    if act not in LATE_ACTS:
        return None
    found: datetime | None = tender.bytes_until if act == "bid.deliver" else tender.deadline
    return found


def _signed(
    *, act: str, tender: Any, lot: str, tenderer: str, envelope: str, received: datetime, deadline: datetime
) -> Signed:
    seen = witnessing.latest()
    head = unverified(seen.note.encode()) if seen else None
    keys = the_log().keys
    refusal = Refusal(
        act=act,
        tender=tender.number,
        lot=lot,
        tenderer=tenderer,
        envelope=envelope,
        received=received,
        deadline=deadline,
        closing=_closing(tender),
        seen=Head(head.origin, head.size, head.root) if head else None,
        key=str(keys.vkeys()[0]),
    )
    # The log's second key signs checkpoints only (type 0x06 has no other message); Ed25519 comes first.
    note = notes.sign(refusal.text(), islice(keys, 1))
    return Signed(f"refusal-{tender.number}-{received:%Y%m%d%H%M%S}.txt", note.decode())


def _closing(tender: Any) -> int | None:
    """Where the log says that bidding is closed; None while it does not."""
    for act in evidence.acts_of(tender).filter(act__in=_CLOSINGS, log_entry__isnull=False):
        return int(act.log_entry.index)
    return None
