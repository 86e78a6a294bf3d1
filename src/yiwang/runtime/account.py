"""The user under which the embedded PostgreSQL runs. It refuses root, so root lends it a user without rights."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yiwang.runtime.notready import not_ready

OWN = "yiwang"
"""The system user that is made when root starts yiwang on a machine without a ``postgres`` user."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the operating system by its numbers."""

    uid: int
    gid: int

    @property
    def itself(self) -> bool:
        """True when this process already runs as that user."""
        return self.uid == os.geteuid()

    def spawn_options(self) -> dict[str, Any]:
        """Arguments for ``subprocess`` that start a program as this user, in a folder that every user may enter."""
        if self.itself:
            return {"cwd": "/"}
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "cwd": "/"}

    def reaches(self, path: Path) -> bool:
        """True when this user may enter the folder, or run the file, through all folders above it."""
        done = subprocess.run(["/usr/bin/test", "-x", str(path)], check=False, **self.spawn_options())
        return done.returncode == 0


def owner_of(path: Path) -> Account:
    """The owner of an existing file or folder."""
    status = path.stat()
    return Account(status.st_uid, status.st_gid)


def server_account() -> Account:
    """The user for a new database: ourselves, or for root ``postgres``, ``yiwang``, made when absent, or ``nobody``."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    found = _named("postgres") or _named(OWN)
    if found is None and shutil.which("useradd"):
        subprocess.run(
            ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
             "--shell", "/usr/sbin/nologin", OWN],
            check=False, capture_output=True,
        )  # fmt: skip
        found = _named(OWN)
    found = found or _named("nobody")
    if found is None:
        raise not_ready(
            "account",
            "以 root 启动时，PostgreSQL 需要一个普通系统用户；请先执行 useradd --system yiwang",
            "started by root, PostgreSQL needs an ordinary system user; run: useradd --system yiwang",
        )
    return found


def probing_account() -> Account:
    """As :func:`server_account` but makes nothing: for looking before anything is written."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    return _named("postgres") or _named(OWN) or _named("nobody") or Account(65534, 65534)


def _named(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)
