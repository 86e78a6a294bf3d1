"""The audit: database and files against the log. Names every row or file altered, removed, added or backdated.

A run checks what is new and a share of the rest, so that in :data:`NIGHTS` runs everything was read again; what it found
in order it remembers (:mod:`.audit_memory`), so a run that was interrupted goes on. ``full`` checks everything.

| where | what |
|---|---|
| :mod:`.audit_log` | the log's files, checkpoints, cosignatures; the log that was seen before |
| :mod:`.audit_range` | entries and acts, hash by hash |
| :mod:`.audit_acts` | places and order of acts |
| :mod:`.audit_rows`, ``modules/*/audit.py`` | the modules' rows, derived again from the acts |
| :mod:`.audit_files` | stored files |
| :mod:`.audit_results` | what runs found, kept |

What cannot be told from inside, whoever has the log's keys and the database can make agree with each other again; only
witnesses, what the audit remembers, and the receipts and dossiers in other hands show that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings

from yiwang.modules.evidence import (
    audit_acts,
    audit_files,
    audit_log,
    audit_memory,
    audit_range,
    audit_results,
    audit_rows,
    audit_work,
)
from yiwang.modules.evidence.audit_memory import Memory
from yiwang.modules.evidence.audit_rows import guarded
from yiwang.modules.evidence.audit_work import stretches
from yiwang.modules.evidence.finding import DAMAGED, Finding, Progress
from yiwang.modules.evidence.models import Act
from yiwang.modules.evidence.sequencer import Log
from yiwang.tlog import layout

NIGHTS = 14
"""In how many runs everything old is read again: bit rot is found within two weeks of nightly runs."""


@dataclass(frozen=True)
class AuditReport:
    """What an audit found, and over how much.

    Attributes:
        acts, entries: how many there are.
        read: entries of the log that this run read and hashed; ``buckets`` of 256 of files; ``tenders`` compared.
        full: whether everything was read. ``resumed``: whether it went on where an earlier run had been interrupted.
        real_time: whether times were compared across tenders and with witnesses (not on the demo's clock).
        began: when it began (RFC 3339, the machine's clock); ``seconds`` it took.
    """

    acts: int
    entries: int
    findings: tuple[Finding, ...]
    read: int = 0
    buckets: int = 0
    tenders: int = 0
    full: bool = True
    resumed: bool = False
    real_time: bool = False
    began: str = ""
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """True when everything agrees."""
        return not self.findings

    def json(self) -> dict[str, Any]:
        """For ``--json`` and the kept results."""
        names = ("acts", "read", "buckets", "tenders", "full", "resumed", "real_time", "began", "seconds")
        return {
            "ok": self.ok,
            "log_entries": self.entries,
            **{name: getattr(self, name) for name in names},
            "findings": [each.json() for each in self.findings],
        }


def run(
    progress: Progress = lambda what, done, of: None,
    *,
    full: bool = False,
    real_time: bool | None = None,
    against: Sequence[Path] = (),
    processes: int | None = None,
    night: str = "",
) -> AuditReport:
    """Audit.

    Args:
        progress: called as it goes on, see :data:`yiwang.modules.evidence.finding.Progress`.
        full: read everything, whatever was read before; an interrupted full run goes on as such.
        real_time: compare times across tenders and with witnesses; None: in production.
        against: checkpoints and receipts from other hands, which the log must begin with.
        processes: how many hash the log; None: as many as help.
        night: the local date whose nightly run this is.

    Raises:
        Refused: another audit is running.
        YiwangError: a file of ``against`` is neither checkpoint nor receipt, or not of this log.
    """
    with audit_memory.remembered() as memory, audit_log.one_moment() as (log, damages):
        one = _Run(memory, log, progress, full, settings.PRODUCTION if real_time is None else real_time)
        report = one.run(damages, against, processes)
        audit_results.keep(report.json(), night=night)
        return report


class _Run:
    """One run of the audit."""

    def __init__(self, memory: Memory, log: Log | None, progress: Progress, full: bool, real_time: bool) -> None:
        self.memory, self.log, self.progress, self.real_time = memory, log, progress, real_time
        self.resumed = memory.began is not None and (memory.full or not full)
        self.full = full or (self.resumed and memory.full)
        self.began = (memory.began or 0.0) if self.resumed else audit_memory.clock()
        self.before = audit_memory.stamp(memory.ended)
        self.clock = audit_memory.clock()
        self.read = self.buckets = self.tenders = 0

    def run(self, damages: list[Finding], against: Sequence[Path], processes: int | None) -> AuditReport:
        if not self.resumed:
            self.memory.note({"begin": self.full, "at": self.began})
        found = list(damages)
        size = self.log.tiles.size if self.log else 0
        if self.log is not None:
            found += self._past(self.log, against)
            found += self._entries(self.log, processes)
        found += guarded("evidence.Act", self._places)
        found += guarded("files", self._files)
        found += guarded("rows", self._rows)
        self._end(size, found)
        return self._report(size, found)

    def _past(self, log: Log, against: Sequence[Path]) -> list[Finding]:
        """The log as it was seen before and elsewhere, its upper tiles, its checkpoints."""
        self.progress("log", 0, 0)
        found = guarded("log", lambda: audit_log.as_seen_before(log, self.memory))
        if found:  # another log than the one that was read: nothing read of it counts
            self.memory.note({"forget": "another log"})
        found += [each for path in against for each in audit_log.as_seen_elsewhere(log, path)]
        found += guarded("log", lambda: audit_log.upper_tiles(log))
        found += guarded("log", lambda: audit_log.partial_tiles(log))
        start = 0 if self.full else self.memory.checkpoints
        share = (len(self.memory.roots), NIGHTS)
        signed = guarded("evidence.Checkpoint", lambda: audit_log.checkpoints(log, start, share))
        signed += guarded("evidence.Cosignature", lambda: audit_log.cosignatures(start))
        self.progress("log", 1, 1)
        if not signed:
            self.memory.note({"checkpoints": log.tiles.size})
        return found + signed

    def _entries(self, log: Log, processes: int | None) -> Iterator[Finding]:
        """Entries and acts, stretch by stretch; those in order are remembered at once."""
        due = self._blocks(log.tiles.size)
        total, done = sum(stop - start for start, stop in due), 0
        self.progress("acts", 0, total)
        for (start, stop), found in stretches(log, due, processes):
            number = start // audit_range.BLOCK
            first, at = number * audit_range.BLOCK, self.memory.blocks.get(number, (0, 0.0))[1]
            yield from (replace(each, since=audit_memory.stamp(at)) for each in found)
            if not found:  # who read only the end of a stretch has not read its beginning again
                read_at = audit_memory.clock() if start == first else at
                self.memory.note({"block": number, "entries": stop - first, "at": read_at})
            elif number in self.memory.blocks:
                self.memory.note({"block": number, "entries": 0, "at": 0})
            done += stop - start
            self.progress("acts", done, total)
        self.read = total

    def _blocks(self, size: int) -> list[tuple[int, int]]:
        """Stretches of the log to read: what no run has read yet, then the share that was read longest ago."""
        block, memory = audit_range.BLOCK, self.memory.blocks
        count = -(-size // block)
        old = sorted((at, number) for number, (_, at) in memory.items() if number < count and at < self.began)
        again = {number for _, number in old[: len(old) if self.full else -(-count // NIGHTS)]}
        due = []
        for number in range(count):
            first, stop = number * block, min((number + 1) * block, size)
            read = 0 if number in again else memory.get(number, (0, 0.0))[0]
            if first + read < stop:
                due.append((first + read - read % layout.WIDTH, stop))
        return due

    def _places(self) -> Iterator[Finding]:
        yield from audit_acts.places()
        yield from audit_acts.lengths(self.log.tiles.size if self.log else 0)
        yield from audit_work.waiting()
        yield from audit_acts.late_bids()
        if self.real_time:
            yield from audit_acts.ages()

    def _files(self) -> Iterator[Finding]:
        read = self.memory.buckets
        fresh = {each for each in audit_files.BUCKETS if each not in read}
        old = sorted((at, bucket) for bucket, at in read.items() if at < self.began)
        share = len(old) if self.full else -(-len(audit_files.BUCKETS) // NIGHTS)
        due = fresh | {bucket for _, bucket in old[:share]}
        self.buckets = len(due)
        yield from audit_files.check(self.memory, due, self.began, self.progress)
        yield from audit_files.missing()
        yield from audit_files.sealed()

    def _rows(self) -> Iterator[Finding]:
        now, lost = audit_rows.prints()
        yield from lost
        share = -(-len(now) // NIGHTS)
        numbers = audit_rows.due(self.memory, now, began=self.began, full=self.full, share=share)
        self.tenders = len(numbers)
        if self.log is not None and self.read < self.log.tiles.size:
            # the acts by which rows are judged are themselves read again, wherever in the log they stand
            yield from audit_work.chains(self.log, [f"tender/{number}" for number in numbers])
        yield from audit_rows.compare(numbers, now, self.memory, self.progress)
        yield from audit_rows.everywhere(self.progress)

    def _end(self, size: int, found: list[Finding]) -> None:
        """Remember the log as it was seen, unless this run saw another one than before."""
        lines: list[dict[str, Any]] = []
        if self.log is not None and not any(each.where == "log" or each.kind == DAMAGED for each in found):
            lines.append({"root": self.log.tiles.root().hex(), "size": size, "at": audit_memory.clock()})
        self.memory.note(*lines, {"end": not found, "at": audit_memory.clock()})

    def _report(self, size: int, found: list[Finding]) -> AuditReport:
        earlier = {each.key: each.since for last in audit_results.results(1) for each in last.findings}
        kept = tuple({(each.key, each.text.en): self._dated(each, earlier) for each in reversed(found)}.values())[::-1]
        seconds = round(audit_memory.clock() - self.clock, 3)
        return AuditReport(
            Act.objects.count(), size, kept, self.read, self.buckets, self.tenders, self.full, self.resumed,
            self.real_time, audit_memory.stamp(self.clock), seconds,
        )  # fmt: skip

    def _dated(self, found: Finding, earlier: dict[tuple[str, str, str], str]) -> Finding:
        """The finding with the last time at which its place was in order: as told before, or the last run."""
        since = earlier.get(found.key)
        return replace(found, since=(found.since or self.before) if since is None else since)
