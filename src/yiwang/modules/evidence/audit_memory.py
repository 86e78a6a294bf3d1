"""What the audit remembers from run to run: how far it got, and which log it saw.

An append-only file of JSON lines beside the log, not in the database: who rewrites the database and the log does not
thereby rewrite what the audit saw. Only what was found in order is remembered, so that whatever was not is looked at
again in every run, and a run that was interrupted goes on where it stopped. ``yiwang audit --full`` trusts none of it.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from yiwang.kernel import moment
from yiwang.kernel.errors import Refused
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.tlog.files import sync_directory

MEMORY, RESULTS = "memory.jsonl", "results.jsonl"


@dataclass
class Memory:
    """What the lines say, read once; :meth:`note` adds lines durably.

    Attributes:
        roots: the log's root (hex) by size, as seen at the end of earlier runs, with when.
        blocks: number of a block of the log to (entries checked in it, POSIX seconds of the check).
        buckets: first two hex digits of files to when they were all read in order.
        tenders: number of a tender to (print of its rows and acts, when they were compared).
        checkpoints: largest size up to which checkpoints were verified.
        began: when the run that did not end began; None after one that ended. ``full``: whether that one was full.
        ended: when the last run that ended began.
    """

    path: Path
    roots: dict[int, tuple[str, str]] = field(default_factory=dict)
    blocks: dict[int, tuple[int, float]] = field(default_factory=dict)
    buckets: dict[str, float] = field(default_factory=dict)
    tenders: dict[str, tuple[str, float]] = field(default_factory=dict)
    checkpoints: int = 0
    began: float | None = None
    full: bool = False
    ended: float | None = None

    def note(self, *lines: dict[str, Any]) -> None:
        """Add lines durably, and heed them."""
        if not lines:
            return
        data = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines).encode()
        append(self.path, data)
        for line in lines:
            self.heed(line)

    def heed(self, line: dict[str, Any]) -> None:
        """Take in one line."""
        at = float(line.get("at", 0))
        match line:
            case {"root": str(root), "size": int(size)}:
                self.roots[size] = (root, stamp(at))
            case {"block": int(number), "entries": int(entries)}:
                self.blocks[number] = (entries, at)
            case {"files": str(bucket)}:
                self.buckets[bucket] = at
            case {"tender": str(number), "print": str(value)}:
                self.tenders[number] = (value, at)
            case {"checkpoints": int(size)}:
                self.checkpoints = size
            case {"begin": bool(full)}:
                self.began, self.full = at, full
            case {"end": bool()}:
                self.began, self.full, self.ended = None, False, self.began
            case {"forget": str()}:
                self.blocks, self.buckets, self.tenders, self.checkpoints = {}, {}, {}, 0


def folder() -> Path:
    """Where the audit keeps what it remembers and its results: ``audit`` beside the log's folder."""
    return Path(settings.LOG_FOLDER).parent / "audit"


@contextmanager
def remembered() -> Iterator[Memory]:
    """The memory, for one audit at a time.

    Raises:
        Refused: another audit is running.
    """
    place = folder()
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused(
                Reason("audit.running", Text("另一次核对正在进行", "another audit is running"),
                       passes=Text("等它结束后再试", "try again when it has ended"))
            ) from None  # fmt: skip
        memory = Memory(place / MEMORY)
        for line in lines_of(memory.path):
            memory.heed(line)
        yield memory


def lines_of(path: Path) -> Iterable[dict[str, Any]]:
    """The lines of a file; what a crash left half-written, or somebody wrote who is not us, is passed over."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return
    for each in text.splitlines():
        try:
            value = json.loads(each)
        except ValueError:
            continue
        if isinstance(value, dict):
            yield value


def append(path: Path, data: bytes) -> None:
    """Add bytes to a file and wait until the disk has them; begins a line of its own after a torn one."""
    fresh = not path.exists()
    with path.open("ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.write(b"\n")
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if fresh:
        sync_directory(path.parent)


def clock() -> float:
    """The machine's time in POSIX seconds. The demo's clock says nothing of when a disk was read."""
    return datetime.now(UTC).timestamp()


def stamp(at: float | None) -> str:
    """POSIX seconds as RFC 3339, '' for None."""
    return moment.stamp(datetime.fromtimestamp(at, UTC)) if at else ""
