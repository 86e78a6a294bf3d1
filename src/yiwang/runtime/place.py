"""Where the embedded PostgreSQL keeps its files, found without writing anything."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from yiwang.runtime.account import Account, owner_of, probing_account

SHARED = Path("/var/lib/yiwang")
"""For root only: the folder used when the database's user cannot enter the data folder."""

_SOCKET = ".s.PGSQL.5432"
_LONGEST = 107
"""Longest path of a unix socket on Linux, in bytes (``sun_path`` less its closing zero)."""


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one embedded database.

    Attributes:
        data: yiwang's data folder.
        base: the database's own folder, mode 0700, owned by its user.
        sockets: the folder of its unix socket, mode 0700, short enough for a socket's path.
    """

    data: Path
    base: Path
    sockets: Path

    @property
    def cluster(self) -> Path:
        """PGDATA."""
        return self.base / "cluster"

    @property
    def log(self) -> Path:
        """The server's own log."""
        return self.base / "server.log"

    @property
    def locks(self) -> Path:
        """The folder of locks and of the keeper's state."""
        return self.data / "run"

    @property
    def pointer(self) -> Path:
        """A file in the data folder that names ``base`` when it lies elsewhere."""
        return self.data / "postgres.where"

    @property
    def elsewhere(self) -> bool:
        """True when the database does not lie in the data folder."""
        return self.base.parent != self.data


@lru_cache
def place_of(data: Path) -> Place:
    """Where the database of a data folder lies, or would lie once it is made."""
    data = data.absolute()
    base = _base(data)
    return Place(data, base, _sockets(base))


def account_of(place: Place, fallback: Account) -> Account:
    """The owner of an existing database (root starts another's database as that user), else ``fallback``."""
    if os.geteuid() == 0 and place.base.exists():
        owner = owner_of(place.base)
        return owner if owner.uid != 0 else fallback
    return fallback


def _base(data: Path) -> Path:
    inside = data / "postgres"
    try:
        return Path((data / "postgres.where").read_text(encoding="utf-8").strip())
    except OSError:
        pass
    if os.geteuid() != 0 or inside.exists() or probing_account().reaches(_nearest(data)):
        return inside
    return SHARED / hashlib.sha256(os.fsencode(data)).hexdigest()[:16]


def _nearest(path: Path) -> Path:
    """The path itself or the closest folder above it that exists."""
    while not path.exists():
        path = path.parent
    return path


def _sockets(base: Path) -> Path:
    inside = base / "socket"
    if len(os.fsencode(inside / _SOCKET)) <= _LONGEST:
        return inside
    name = "yiwang-" + hashlib.sha256(os.fsencode(base)).hexdigest()[:16]
    session = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.geteuid() != 0 and session and len(session) < 60 and os.access(session, os.W_OK):
        return Path(session) / name
    return Path("/tmp") / name
