"""What a witness has seen, in one SQLite file (WAL, synchronous FULL): a commit is on the disk when it returns.

:meth:`State.changing` is the only way to change a log's head: reading the head, judging it and storing the next one
are one transaction that no other thread or process can enter.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from yiwang.kernel.errors import Refused
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.tlog import files
from yiwang.tlog.merkle import EMPTY_ROOT

FILE = "witness.sqlite"

Kind = Literal["fork", "proof"]
"""``fork``: the log signed two trees of one size (proof of its misbehaviour). ``proof``: a signed checkpoint came
without a valid proof; anyone may have sent that, so it proves nothing by itself."""

_KEPT: dict[Kind, int] = {"fork": 1000, "proof": 100}

_SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS head (
  origin TEXT PRIMARY KEY, size INTEGER NOT NULL CHECK (size >= 0), root BLOB NOT NULL CHECK (length(root) = 32),
  note BLOB NOT NULL, cosigned BLOB NOT NULL, cosigned_size INTEGER NOT NULL, at INTEGER NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS head_never_shrinks BEFORE UPDATE ON head WHEN NEW.size < OLD.size OR
  (NEW.size = OLD.size AND NEW.root <> OLD.root) BEGIN SELECT RAISE(ABORT, 'a head never goes back'); END;
CREATE TRIGGER IF NOT EXISTS head_stays BEFORE DELETE ON head BEGIN SELECT RAISE(ABORT, 'a head stays'); END;
CREATE TABLE IF NOT EXISTS suspect (
  origin TEXT NOT NULL, kind TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, note BLOB NOT NULL,
  at INTEGER NOT NULL, PRIMARY KEY (origin, kind, size, root)
) STRICT;
"""


@dataclass(frozen=True, slots=True)
class Head:
    """The largest tree of one log that this witness holds to.

    ``note`` is the log's own checkpoint; ``cosigned`` the last one with our cosignatures (of ``cosigned_size``
    leaves, at the POSIX time ``at``), empty before the first. Only a mirror that is still copying has a ``size``
    beyond ``cosigned_size``.
    """

    origin: str
    size: int = 0
    root: bytes = EMPTY_ROOT
    note: bytes = b""
    cosigned: bytes = b""
    cosigned_size: int = 0
    at: int = 0


@dataclass(slots=True)
class Slot:
    """The head inside a transaction; set :attr:`head` to change it."""

    head: Head


@dataclass(frozen=True, slots=True)
class Suspect:
    """A checkpoint that the log signed and this witness refused."""

    origin: str
    kind: Kind
    size: int
    root: bytes
    note: bytes
    at: int


class State:
    """An open state file.

    Raises:
        Refused: the file is missing. A witness that forgot what it saw would cosign a fork, so a missing file is
            never made anew here, only by :meth:`create`.
    """

    def __init__(self, folder: Path) -> None:
        self._lock = threading.RLock()
        path = folder / FILE
        if not path.is_file():
            raise Refused(_missing(path))
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_SCHEMA)

    @classmethod
    def create(cls, folder: Path, *, mirror: bool = False) -> State:
        """A new, empty state file; Refused when there is one."""
        path = folder / FILE
        try:
            files.write_synced(path, b"", 0o600, fresh=True)
        except FileExistsError:
            text = Text(f"{path} 已存在，不会覆盖", f"{path} is there and stays")
            raise Refused(Reason("witness.state", text, field=str(path))) from None
        state = cls(folder)
        state.set_mirror(mirror)
        files.sync_directory(folder)
        return state

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    @property
    def mirror(self) -> bool:
        """Whether this witness's cosignatures also say that it holds a full copy."""
        with self._lock:
            row = self._db.execute("SELECT value FROM setting WHERE name = 'mirror'").fetchone()
        return row is not None and row[0] == "1"

    def set_mirror(self, on: bool) -> None:
        """Decide the mode. One key makes one statement (tlog-cosignature), so this is possible only before the first.

        Raises:
            Refused: something was cosigned in the other mode already.
        """
        with self._transaction():
            if on != self.mirror and self._db.execute("SELECT 1 FROM head").fetchone() is not None:
                text = Text("本见证人已在另一种模式下签过名", "this witness has cosigned in the other mode already")
                passes = Text("用新文件夹新建一个见证人", "make a new witness in a new folder")
                raise Refused(Reason("witness.mirror", text, field="mirror", passes=passes))
            self._db.execute("INSERT OR REPLACE INTO setting VALUES ('mirror', ?)", (str(int(on)),))

    def head(self, origin: str) -> Head:
        """The head of a log; size 0 when nothing of it was seen yet."""
        with self._lock:
            row = self._db.execute(
                "SELECT origin, size, root, note, cosigned, cosigned_size, at FROM head WHERE origin = ?", (origin,)
            ).fetchone()
        return Head(*row) if row else Head(origin)

    def heads(self) -> list[Head]:
        """All logs seen so far."""
        with self._lock:
            rows = self._db.execute("SELECT origin FROM head ORDER BY origin").fetchall()
        return [self.head(origin) for (origin,) in rows]

    @contextmanager
    def changing(self, origin: str) -> Iterator[Slot]:
        """One transaction on a log's head: what is put into the slot is durable when the block has ended.

        Raises:
            sqlite3.Error: it could not be stored (disk full, ...); nothing has changed then.
        """
        with self._transaction():
            slot = Slot(self.head(origin))
            before = slot.head
            yield slot
            if slot.head != before:
                self._put(replace(slot.head, origin=origin))

    def suspect(self, found: Suspect) -> None:
        """Keep a refused checkpoint as evidence; the oldest of its kind make room."""
        with self._transaction():
            self._db.execute(
                "INSERT OR IGNORE INTO suspect VALUES (?, ?, ?, ?, ?, ?)",
                (found.origin, found.kind, found.size, found.root, found.note, found.at),
            )
            self._db.execute(
                "DELETE FROM suspect WHERE kind = ?1 AND rowid <= (SELECT rowid FROM suspect WHERE kind = ?1 "
                "ORDER BY rowid DESC LIMIT 1 OFFSET ?2)",
                (found.kind, _KEPT[found.kind]),
            )

    def suspects(self) -> list[Suspect]:
        """The kept evidence, oldest first."""
        with self._lock:
            rows = self._db.execute("SELECT origin, kind, size, root, note, at FROM suspect ORDER BY rowid").fetchall()
        return [Suspect(*row) for row in rows]

    def _put(self, head: Head) -> None:
        self._db.execute(
            "INSERT INTO head VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (origin) DO UPDATE SET size = excluded.size, "
            "root = excluded.root, note = excluded.note, cosigned = excluded.cosigned, "
            "cosigned_size = excluded.cosigned_size, at = excluded.at",
            (head.origin, head.size, head.root, head.note, head.cosigned, head.cosigned_size, head.at),
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise


def _missing(path: Path) -> Reason:
    text = Text(
        f"没有 {path}：忘记所见的见证人可能为分叉签名，故不会自动新建",
        f"there is no {path}: a witness that forgot what it saw could cosign a fork, so it is not made anew",
    )
    passes = Text(
        "新见证人：yiwang witness init；遗失则停用此密钥", "new witness: yiwang witness init; lost: retire this key"
    )
    return Reason("witness.state", text, field=str(path), passes=passes)
