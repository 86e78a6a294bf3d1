"""New keys for the log, and the hand-over to the next year's log: acts through the door, written under the sequencer's lock.

Either all of it is in the database or nothing; the files follow, and when the program is killed in between, the worker's
next round signs what is missing with the right keys (:mod:`.years` tells which).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from yiwang.kernel.canonical import canonical
from yiwang.kernel.errors import Refused, bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.evidence import door, sequencer, witnessing, years
from yiwang.modules.evidence.actors import SYSTEM
from yiwang.modules.evidence.models import Act, Checkpoint
from yiwang.modules.evidence.sequencer import the_log
from yiwang.modules.evidence.states import LOG
from yiwang.modules.evidence.years import Period
from yiwang.seal.shapes import to_base64
from yiwang.tlog import files
from yiwang.tlog.errors import KeyFileError
from yiwang.tlog.keys import LogKeys, named
from yiwang.verifier import handover

Make = Callable[[str], LogKeys]
"""How new keys are made for an origin: in a file, or in a token."""


class _TheLog:
    """The door's subject; it has no row."""

    chain, state = years.CHAIN, "open"

    def save(self) -> None:
        """Nothing to save: the act is all."""


def prepare(origin: str = "", make: Make = LogKeys.create) -> LogKeys:
    """Make the keys that come next, into ``keys/next``, so that witnesses and readers can be told before they sign.

    Args:
        origin: of the next log; '' for new keys of the present one. ``{year}`` is the present year.
        make: makes them.

    Raises:
        KeyFileError: keys are prepared already.
    """
    log = Path(settings.LOG_FOLDER)
    years.settle(log)
    folder = years.keys_folder(log)
    present = years.current(log, settings.LOG_ORIGIN).name if not origin else ""
    if years.prepared(folder) is not None:
        raise KeyFileError(f"{folder / years.NEXT} 中已有备好的密钥", f"keys are prepared in {folder / years.NEXT}", field="next")
    (folder / years.NEXT).mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = make(present or named(origin))
    keys.save(folder / years.NEXT)
    return keys


def rotate(make: Make = LogKeys.create) -> Act:
    """Change the keys of the present log: the act names the new ones, its checkpoint is signed by old and new.

    Raises:
        KeyFileError: the old keys are not at hand (then: :func:`succeed` with ``lost``), or keys for another log are
            prepared.
    """
    with sequencer.alone(wait=True):
        old = the_log().keys
        new = _next(old.name, make)
        sequencer.sequence_all()
        with transaction.atomic():
            act = _do("log.rotate", {**years.facts(new), "previous": years.facts(old)})
            sequencer.place([act])
        sequencer.integrate()
        publish_handover()
        years.settle(Path(settings.LOG_FOLDER))
    return act


def succeed(origin: str, make: Make = LogKeys.create, *, lost: bool = False, wait: float = 10.0) -> Act:
    """End the present log and begin the next, under another name and new keys.

    Args:
        origin: the next log's name; ``{year}`` is the present year.
        make: makes its keys when none are prepared.
        lost: the old keys are gone: the old log stays as it was last signed, and only the new one tells of the change.
        wait: how long the witnesses may take to cosign the old log's last checkpoint, in seconds.

    Raises:
        BadInput: the name is that of a log that was.
        KeyFileError: the old keys are not at hand, or keys for another log are prepared.
    """
    log, name = Path(settings.LOG_FOLDER), named(origin)
    with sequencer.alone(wait=True):
        old = _old(log, lost=lost)
        said = {"origin": old.origin, "vkeys": list(old.vkeys)}
        if name in {old.origin, *(each.origin for each in years.history(log))}:
            raise bad("origin", f"日志 {name} 已经有过", f"there was a log {name} already", passes=Text("新的名称", "a new name"))
        new = _next(name, make)
        if not lost:
            sequencer.sequence_all()
        with transaction.atomic():
            ended = [] if lost else [_do("log.succeed", {**said, "next": years.facts(new)})]
            sequencer.place(ended)
            size = sequencer.size()
            begun = _do("log.begin", {**years.facts(new), "previous": {**said, "size": size}, "lost": lost})
            sequencer.place([begun])
        if not lost:
            sequencer.integrate(until=size)
            _cosigned(wait)
        years.keep(log, old)
        sequencer.forget()
        sequencer.integrate()
        publish_handover()
        years.settle(log)
    return begun


def publish_handover() -> bytes | None:
    """Write ``handover.json``: every change of keys with its proof, for those who trust older ones; None without any."""
    log, steps = the_log(), []
    acts = Act.objects.filter(act__in=("log.rotate", "log.succeed"), subject=years.CHAIN, log_entry__isnull=False)
    for act in acts.select_related("log_entry").order_by("log_entry__index"):
        index = act.log_entry.index
        note = Checkpoint.objects.get(size=index + 1).note
        proof = [to_base64(value) for value in log.tiles.inclusion_proof(index, index + 1)]
        content, salt = json.loads(bytes(act.canonical)), bytes(act.salt).hex()
        steps.append({"act": content, "salt": salt, "index": index, "proof": proof, "checkpoint": note})
    if not steps:
        return None
    data = canonical({"format": handover.FORMAT, "steps": steps})
    files.replace(log.tiles.directory / years.HANDOVER, data)
    files.sync_directory(log.tiles.directory)
    return data


def _do(name: str, public: dict[str, Any]) -> Act:
    with door.enter(LOG.rows[name], SYSTEM, lambda: None) as passage:
        passage.subject = _TheLog()
        passage.record(public=public)
    return passage.evidence


def _old(log: Path, *, lost: bool) -> Period:
    """The period that is to end; its keys must be at hand unless they are lost."""
    if not lost:
        keys = the_log().keys
        return Period(keys.name, tuple(map(str, keys.vkeys())), 0)
    found = years.history(log)
    if not found:
        raise Refused(Reason("keys.lost", Text("没有日志，也就没有遗失的密钥", "there is no log whose keys could be lost")))
    return found[-1]


def _next(name: str, make: Make) -> LogKeys:
    folder = years.keys_folder(Path(settings.LOG_FOLDER))
    years.settle(Path(settings.LOG_FOLDER))
    keys = years.prepared(folder) or prepare(name, make)
    if keys.name != name:
        raise KeyFileError(f"备好的密钥属于 {keys.name}，不属于 {name}", f"the prepared keys are of {keys.name}, not of {name}",
                           field=str(folder / years.NEXT))  # fmt: skip
    return keys


def _cosigned(wait: float) -> None:
    """Let the witnesses cosign the old log's last checkpoint; without a quorum in time it ends without."""
    end = time.monotonic() + wait
    while not witnessing.collect_once() and time.monotonic() < end:
        time.sleep(0.2)
