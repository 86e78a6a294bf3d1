"""What is to be anchored, durably: one small SQLite file, so that a chain that is away loses nothing.

A checkpoint that fell due stays until it is in a block. The signed transaction is written down before it is sent: after
a crash the very same one is looked for, or sent again, and its nonce makes it take effect once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from yiwang.anchor.chain import Signed

_TABLES = """
CREATE TABLE IF NOT EXISTS due (
  origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, at TEXT NOT NULL,
  nonce INTEGER, raw BLOB, hash TEXT, block INTEGER, PRIMARY KEY (origin, size)
) STRICT;
CREATE TABLE IF NOT EXISTS pause (one INTEGER PRIMARY KEY CHECK (one = 1), tries INTEGER NOT NULL, until TEXT NOT NULL, why TEXT NOT NULL)
  STRICT;
"""
FIRST_PAUSE, LONGEST_PAUSE = 10, 3600
"""Seconds to wait after a failure; doubled each time, up to the longest."""


@dataclass(frozen=True, slots=True)
class Due:
    """A checkpoint to be anchored, with its transaction once that is signed."""

    origin: str
    size: int
    root: bytes
    signed: Signed | None


@dataclass(frozen=True, slots=True)
class Pause:
    """How often in a row it failed, until when to wait, and why (both languages in one line)."""

    tries: int
    until: datetime
    why: str


class Queue:
    """The queue in a file. Any number of processes may open it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._open() as base:
            base.executescript(_TABLES)
        path.chmod(0o600)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        base = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        try:
            base.execute("PRAGMA synchronous = FULL")
            yield base
        finally:
            base.close()

    def add(self, origin: str, size: int, root: bytes, at: datetime) -> bool:
        """Let a checkpoint fall due; False when it did already."""
        with self._open() as base:
            words = "INSERT OR IGNORE INTO due (origin, size, root, at) VALUES (?, ?, ?, ?)"
            return base.execute(words, (origin, size, root, at.isoformat())).rowcount == 1

    def newest(self) -> tuple[str, int, datetime] | None:
        """Origin, size and time of the checkpoint that fell due last."""
        with self._open() as base:
            row = base.execute("SELECT origin, size, at FROM due ORDER BY at DESC, size DESC LIMIT 1").fetchone()
        return (row[0], row[1], datetime.fromisoformat(row[2])) if row else None

    def pending(self) -> list[Due]:
        """What is not in a block yet, in the order in which it is to be written."""
        with self._open() as base:
            words = "SELECT origin, size, root, nonce, raw, hash FROM due WHERE block IS NULL ORDER BY at, size"
            rows = base.execute(words).fetchall()
        return [Due(row[0], row[1], row[2], Signed(*row[3:]) if row[5] else None) for row in rows]

    def done(self) -> int:
        """How many are in blocks."""
        with self._open() as base:
            return int(base.execute("SELECT count(*) FROM due WHERE block IS NOT NULL").fetchone()[0])

    def sign(self, due: Due, signed: Signed | None) -> None:
        """Write down the transaction that is about to be sent; None forgets one that can take no effect."""
        values = (signed.nonce, signed.raw, signed.hash) if signed else (None, None, None)
        with self._open() as base:
            base.execute("UPDATE due SET nonce = ?, raw = ?, hash = ? WHERE origin = ? AND size = ?",
                         (*values, due.origin, due.size))  # fmt: skip

    def settle(self, due: Due, block: int) -> None:
        """It is on the chain (block 0: it was there before we looked)."""
        with self._open() as base:
            base.execute("UPDATE due SET block = ? WHERE origin = ? AND size = ?", (block, due.origin, due.size))
            base.execute("DELETE FROM pause")

    def pause(self) -> Pause | None:
        """The wait after failures, if one is on."""
        with self._open() as base:
            row = base.execute("SELECT tries, until, why FROM pause").fetchone()
        return Pause(row[0], datetime.fromisoformat(row[1]), row[2]) if row else None

    def failed(self, why: str, now: datetime) -> Pause:
        """Wait longer each time."""
        before = self.pause()
        tries = before.tries + 1 if before else 1
        seconds = min(FIRST_PAUSE * 2 ** min(tries - 1, 20), LONGEST_PAUSE)
        until = datetime.fromtimestamp(now.timestamp() + seconds, UTC)
        with self._open() as base:
            base.execute("INSERT OR REPLACE INTO pause VALUES (1, ?, ?, ?)", (tries, until.isoformat(), why))
        return Pause(tries, until, why)
