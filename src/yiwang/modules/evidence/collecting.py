"""The worker's step towards the witnesses: send the newest checkpoint, keep what they sign, publish it with the log."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction

from yiwang.kernel import moment
from yiwang.modules.evidence import cosigned, policies, witness_clock, years
from yiwang.modules.evidence.cosigned import Seen
from yiwang.modules.evidence.models import Cosignature, Witness, WitnessAlarm
from yiwang.modules.evidence.sequencer import the_log
from yiwang.modules.evidence.witnesses import ACCUSED
from yiwang.tlog import note as notes
from yiwang.tlog.checkpoint import unverified
from yiwang.tlog.cosignature import timestamp_of
from yiwang.tlog.policy import NONE, Party, Policy
from yiwang.witness.client import Collected, collect
from yiwang.witness.memory import ALARMS, Memory, Report

_log = logging.getLogger(__name__)

_SOON = 0.05
"""Seconds for which the others are waited for after the quorum: they are nearly as quick, and kept together with it."""

_PAUSES = (5.0, 15.0, 60.0)
"""Seconds after which a witness that the quorum did without is asked again for the same checkpoint."""

_ANY_CLOCK = 3_155_760_000
"""Seconds, a century: a witness's cosignature is evidence whatever our own clock says; how the clocks differ is kept, and
closing and opening wait for them to agree (:mod:`.witness_clock`)."""

_WORST_FIRST = (*ACCUSED, "invalid", "refused", "unreachable", "busy", "no_url", "waiting", "cosigned")


def collect_once(timeout: float = 2.0) -> bool:
    """Send the newest signed checkpoint to the witnesses that have not cosigned it, keep and publish what they sign.

    Returns soon after the quorum is there; what slower witnesses bring is kept by the next call. A checkpoint with all
    its cosignatures costs a look into the database and nothing else.

    Args:
        timeout: seconds at most for the whole.

    Returns:
        Whether the newest checkpoint has the quorum (always without a policy).
    """
    return _collector(Path(settings.LOG_FOLDER), settings.LOG_ORIGIN).once(timeout)


@dataclass
class _Late:
    """A round whose quorum was met while some witnesses were still at it."""

    size: int
    until: float
    policy: Policy
    collected: Collected
    told: Mapping[str, Report] = field(default_factory=dict)


class _Collector:
    """What the worker remembers from step to step; nothing is lost with it."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.late: list[_Late] = []
        self.published = ""
        self.watch = witness_clock.Watch()
        self.asked: tuple[int, int, float] | None = None
        """Size, how often its missing witnesses were asked after the quorum, and when next; None: asked nobody yet."""

    def once(self, timeout: float) -> bool:
        self._pick_up()
        policy, seen = policies.policy(), cosigned.newest()
        if seen is None:
            return True
        asked = self._whom_to_ask(policy, seen) if policy else None
        if policy and asked:
            until = time.monotonic() + timeout
            proofs = self._proof_to(seen.size)
            collected = collect(seen.note.encode(), proofs, asked, timeout, memory=self.memory, skew=_ANY_CLOCK).more(_SOON)
            self.late.append(_Late(seen.size, until + 1, policy, collected, collected.reports))
            _keep(policy, seen, collected)
            self.watch.tell()
            seen = cosigned.of_size(seen.size) or seen
        self._publish(seen)
        return seen.quorum

    def _pick_up(self) -> None:
        """Keep what came after the quorum, or too late for a round's time."""
        for late in list(self.late):
            if time.monotonic() > late.until:
                self.late.remove(late)
            more = late.collected.more(0)
            if more.reports != late.told:
                late.told = more.reports
                if seen := cosigned.of_size(late.size):
                    _keep(late.policy, seen, more)
                    self.watch.tell()
            if late in self.late and all(each.state != "waiting" for each in more.reports.values()):
                self.late.remove(late)

    def _whom_to_ask(self, policy: Policy, seen: Seen) -> Policy | None:
        """Everybody while the quorum is missing; afterwards, now and then, those who have not cosigned yet.

        At first everybody in any case: only the witnesses know whether log and database are those of an older backup.
        """
        known = the_log()
        vkeys = years.vkeys_of(known.tiles.directory, known.origin, seen.size)  # a log that has just ended has its own
        log = tuple(Party(notes.parse_vkey(vkey)) for vkey in vkeys.splitlines())
        now, first = time.monotonic(), self.asked is None
        size, times, due = self.asked if self.asked and self.asked[0] == seen.size else (seen.size, 0, 0.0)
        if not seen.quorum:
            self.asked = (seen.size, 0, now + _PAUSES[0])
            return replace(policy, logs=log)
        if self.watch.due(now):  # asked for the same checkpoint again, each tells the time
            return Policy(log, {n: p for n, p in policy.witnesses.items() if p.url}, {}, NONE)
        wanted = {n: p for n, p in policy.witnesses.items() if p.url and (first or n not in seen.cosigners)}
        if not wanted or now < due:
            return None
        self.asked = (size, times + 1, now + _PAUSES[min(times, len(_PAUSES) - 1)])
        return Policy(log, wanted, {}, NONE)

    def _proof_to(self, size: int) -> Callable[[int], Sequence[bytes]]:
        tiles = the_log().tiles
        if tiles.size < size:
            tiles.reload()
        return lambda old: tiles.consistency_proof(old, size)

    def _publish(self, seen: Seen) -> None:
        """Put the checkpoint with all its signatures where everybody reads it."""
        if seen.note == self.published:
            return
        tiles, note = the_log().tiles, seen.note.encode()
        there = tiles.checkpoint()
        if there is None or (there != note and unverified(there).size <= seen.size):
            tiles.publish(note, former=years.former(tiles.directory))
        self.published = seen.note


def _keep(policy: Policy, seen: Seen, collected: Collected) -> None:
    """Write down what a round brought; signatures first, for they are evidence."""
    names = {policies.identity(party.vkey): name for name, party in policy.witnesses.items()}
    now = _machine_time()
    fresh = []
    for signature in notes.parse(collected.note)[1]:
        key = f"{signature.name}+{signature.key_id.hex()}"
        if names.get(key, "") not in ("", *seen.cosigners):
            time_of_it = datetime.fromtimestamp(timestamp_of(signature.blob), UTC)
            fresh.append(Cosignature(checkpoint_id=seen.size, witness=names[key], key=key,
                                     line=signature.line().rstrip("\n"), time=time_of_it, kept=now))  # fmt: skip
    with transaction.atomic():
        Cosignature.objects.bulk_create(fresh, ignore_conflicts=True)
        _note(policy, seen, collected.reports)


def _note(policy: Policy, seen: Seen, reports: Mapping[str, Report]) -> None:
    """Bring the witnesses' rows up to date; an accusation is also kept for good."""
    told = witness_clock.Told()
    by_witness: dict[str, list[Report]] = {}
    for name, report in reports.items():
        by_witness.setdefault(policy.witnesses[name].vkey.name, []).append(report)
    rows = Witness.objects.in_bulk(list(by_witness))
    now, changed, accusations = _machine_time(), [], []
    for name, each in by_witness.items():
        report = min(each, key=lambda one: _WORST_FIRST.index(one.state))
        row = rows.get(name)
        if _says_nothing(report, row):
            continue
        if row is None or row.state != report.state:
            _tell(report, row)
            if report.state in ACCUSED:
                said = report.text()
                accusations.append(WitnessAlarm(name=name, state=report.state, size=seen.size, root=seen.root,
                                                said_zh=said.zh, said_en=said.en, at=now))  # fmt: skip
        changed.append(_row(name, report, row, now))
        told.note(changed[-1], row, each)
    WitnessAlarm.objects.bulk_create(accusations)
    fields = ["url", "state", "size", "seen", "error_zh", "error_en", "since", "asked", "least", "most", "measured"]
    Witness.objects.bulk_create(changed, update_conflicts=True, unique_fields=["name"], update_fields=fields)


def _says_nothing(report: Report, row: Witness | None) -> bool:
    """An answer that is still to come hides no earlier one; and who cosigned more in the meantime is not ahead of us."""
    if report.state == "waiting":
        return row is not None
    if report.state != "ahead":
        return False
    newest = cosigned.newest()
    return newest is not None and (report.size or 0) <= newest.size


def _row(name: str, report: Report, row: Witness | None, now: datetime) -> Witness:
    known = [size for size in (report.size, row.size if row else None) if size is not None]
    same = row is not None and row.state == report.state
    error = report.error
    return Witness(
        name=name,
        url=report.url,
        state=report.state,
        size=max(known, default=None),
        seen=datetime.fromtimestamp(report.at, UTC) if report.at else row.seen if row else None,
        error_zh=error.zh if error else "",
        error_en=error.en if error else "",
        since=row.since if row and same else now,
        asked=now,
    )


def _tell(report: Report, row: Witness | None) -> None:
    """A line in the program's log when a witness comes into another state."""
    if report.state in ALARMS:
        _log.error("witness alarm: %s", report.text().en)
    elif report.state == "cosigned":
        if row is not None and row.state != "waiting":
            _log.warning("the witness is back: %s", report.text().en)
    elif report.state != "waiting":
        _log.warning("witness: %s", report.text().en)


def _machine_time() -> datetime:
    """This machine's time: witnesses do not live in a demo's or a replay's."""
    return moment.machine()


@lru_cache(maxsize=4)
def _collector(folder: Path, origin: str) -> _Collector:
    return _Collector()
