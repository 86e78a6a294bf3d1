"""Group commit: threads that each wait for a durable index share one append, so that they share its disk writes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from yiwang.tlog import layout
from yiwang.tlog.tiles import TileLog

LINGER = 0.001
"""Seconds that a group waits for those who have just been served to come again; a lone writer waits not at all."""


class _Place:
    """An entry that waits: told when it has its index, an error, or the turn to write for all who wait."""

    __slots__ = ("entry", "error", "index", "told")

    def __init__(self, entry: bytes) -> None:
        self.entry, self.index = entry, -1
        self.error: BaseException | None = None
        self.told = threading.Event()


class GroupCommit:
    """Adds single entries from many threads to one log.

    No thread of its own: whoever comes when nobody writes, writes all entries that wait by then, tells their owners, and
    passes the turn to one of those who came meanwhile.

    Args:
        log: nobody else uses this object meanwhile; readers open their own.
        most: entries in one group.
        settle: done once after each group's append, before its callers go on: signing and publishing a checkpoint.
    """

    def __init__(self, log: TileLog, *, most: int = 1000, settle: Callable[[], object] = lambda: None) -> None:
        self._log, self._most, self._settle = log, most, settle
        self._lock = threading.Lock()
        self._waiting: list[_Place] = []
        self._writing = False
        self._last = 1

    def append(self, entry: bytes) -> int:
        """Add one entry; returns its index when it is durable, as :meth:`.TileLog.append` means it.

        Raises:
            ProofError: this entry is too long; the others of its group go on.
            LogDamaged, OSError: nothing of the group was written. Whatever ``settle`` raises: the entries are written,
                but not settled; the next group's ``settle`` may make up for it.
        """
        layout.frame(entry)
        mine = _Place(entry)
        with self._lock:
            self._waiting.append(mine)
            lead, self._writing = not self._writing, True
        if not lead:
            mine.told.wait()
        if mine.index < 0 and mine.error is None:
            self._lead()
        if mine.error is not None:
            raise mine.error
        return mine.index

    def _lead(self) -> None:
        """Write one group, the caller's entry among them (the first that waits), and pass the turn on."""
        end = time.monotonic() + LINGER
        while len(self._waiting) < self._last and time.monotonic() < end:
            time.sleep(LINGER / 10)
        with self._lock:
            group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        self._last = len(group)
        self._write(group)
        for place in group:
            place.told.set()
        with self._lock:
            self._writing = bool(self._waiting)
            heir = self._waiting[0] if self._waiting else None
        if heir is not None:
            heir.told.set()

    def _write(self, group: list[_Place]) -> None:
        try:
            indexes = self._log.append([place.entry for place in group])
            self._settle()
        except BaseException as error:  # whatever it is, nobody may wait for ever
            for place in group:
                place.error = error
        else:
            for place, index in zip(group, indexes, strict=True):
                place.index = index
