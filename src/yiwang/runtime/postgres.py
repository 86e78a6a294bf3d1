"""Holding the embedded PostgreSQL: it starts with the first holder, on this machine, and stops after the last."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yiwang.kernel.text import Text
from yiwang.runtime.cluster import USER
from yiwang.runtime.locks import FileLock
from yiwang.runtime.notready import NotReady, not_ready
from yiwang.runtime.place import Place, place_of

DATABASE = "yiwang"
_WAIT = 75.0
_STEP = 0.02


@dataclass
class Held:
    """A database that runs at least until :meth:`release`.

    Attributes:
        place: its folders.
        database: name of the database in it.
    """

    place: Place
    database: str
    _hold: FileLock
    _durable: bool
    _keeper: int | None = None

    @property
    def url(self) -> str:
        """The address in the form of DATABASE_URL."""
        return url_of(self.place, self.database)

    def ensure(self) -> bool:
        """Start a new keeper when the last was killed; True when that was needed."""
        if not _keeper_gone(self.place):
            return False
        self._reap()
        self._keeper = _joined(self.place, self._durable)
        return self._keeper is not None

    def release(self, *, wait: float = 10.0) -> None:
        """Let go; when nobody else holds the database, wait until it has stopped."""
        self._hold.release()
        keeper = FileLock(self.place.locks / "keeper.lock")
        end = time.monotonic() + wait
        others = time.monotonic() + 0.4  # a keeper that still says ready after that has other holders
        while time.monotonic() < end and not keeper.free():
            if time.monotonic() > others and _state(self.place).get("state") == "ready":
                return
            time.sleep(_STEP)
        self._reap()

    def _reap(self) -> None:
        """Take note that our keeper has ended, so that no zombie stays; one that others still use is left alone."""
        end = time.monotonic() + 1.0
        while self._keeper is not None and time.monotonic() < end:
            if _ended(self._keeper):
                self._keeper = None
                return
            time.sleep(_STEP)


def hold(data: Path, *, database: str = DATABASE, durable: bool = True) -> Held:
    """Start the embedded database of a data folder, or join it when it runs, and make ``database`` when absent.

    Arguments:
        data: yiwang's data folder; made when absent.
        durable: False lets tests run without fsync.

    Raises:
        NotReady: the folder cannot be written or the server does not start; says what to do.
    """
    place = place_of(data)
    _folders(place)
    holding = FileLock(place.locks / "hold.lock")
    if not holding.take(shared=True, wait=_WAIT):
        raise not_ready(
            "database_stopping", "数据库正在停止，请稍后再试", "the database is stopping; try again shortly"
        )
    held = Held(place, database, holding, durable)
    try:
        held._keeper = _joined(place, durable)
        make_database(held.url)
    except BaseException:
        holding.release()
        raise
    return held


@contextmanager
def holding(data: Path, *, database: str = DATABASE, durable: bool = True) -> Iterator[Held]:
    """:func:`hold` for the length of a block."""
    held = hold(data, database=database, durable=durable)
    try:
        yield held
    finally:
        held.release()


def url_of(place: Place, database: str = DATABASE) -> str:
    """DATABASE_URL of an embedded database."""
    from urllib.parse import quote

    return f"postgresql://{USER}@/{database}?host={quote(str(place.sockets), safe='')}"


def make_database(url: str) -> None:
    """Make the database of an embedded server when it is absent."""
    import psycopg
    from psycopg import sql

    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    with psycopg.connect(url, dbname="postgres", autocommit=True, connect_timeout=10) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):  # another was faster
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(str(name))))


def _folders(place: Place) -> None:
    try:
        for folder in (place.data, place.locks):
            if not folder.exists():
                folder.mkdir(parents=True, exist_ok=True)
        (place.locks / "keeper.log").touch()
    except OSError as error:
        raise not_ready(
            "unwritable",
            f"无法写入数据文件夹 {place.data}（{error.strerror}）",
            f"the data folder {place.data} cannot be written ({error.strerror})",
            passes=Text("改正其权限，或用 YIWANG_DATA 另选一个", "mend its rights, or choose another in YIWANG_DATA"),
        ) from None


def _joined(place: Place, durable: bool) -> int | None:
    """Wait for the running keeper (None), or start one. One process at a time, so that two never start two."""
    starting = FileLock(place.locks / "start.lock")
    if not starting.take(wait=_WAIT):
        raise _slow(place)
    try:
        end = time.monotonic() + _WAIT
        while not _keeper_gone(place):
            if _state(place).get("state") == "ready":
                return None
            if time.monotonic() > end:
                raise _slow(place)
            time.sleep(_STEP)
        return _started(place, durable)
    finally:
        starting.release()


def _keeper_gone(place: Place) -> bool:
    return FileLock(place.locks / "keeper.lock").free()


def _started(place: Place, durable: bool) -> int:
    """Start a keeper and wait until its server is ready; the keeper's process id."""
    command = [sys.executable, "-m", "yiwang.runtime.keeper", str(place.data)]
    if not durable:
        command.append("--not-durable")
    (place.locks / "keeper.json").unlink(missing_ok=True)
    log = os.open(place.locks / "keeper.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        redirects = [(os.POSIX_SPAWN_DUP2, log, 1), (os.POSIX_SPAWN_DUP2, log, 2),
                     (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)]  # fmt: skip
        keeper = os.posix_spawn(sys.executable, command, os.environ, file_actions=redirects, setsid=True)
    finally:
        os.close(log)
    try:
        _await_ready(place, keeper)
    except NotReady:
        with suppress(ChildProcessError):
            os.waitpid(keeper, 0)
        raise
    return keeper


def _await_ready(place: Place, keeper: int) -> None:
    end = time.monotonic() + _WAIT
    while time.monotonic() < end:
        ended = _ended(keeper)
        state = _state(place)
        if state.get("state") == "ready":
            return
        if state.get("state") == "failed":
            first = state["reasons"][0]
            raise not_ready(first["code"], first["zh"], first["en"])
        if ended:
            said = (place.locks / "keeper.log").read_text(errors="replace").strip().splitlines() or ["?"]
            raise not_ready("keeper", f"数据库守护进程退出：{said[-1]}", f"the database's keeper ended: {said[-1]}")
        time.sleep(_STEP)
    raise _slow(place)


def _ended(keeper: int) -> bool:
    """True when the process is no longer ours to wait for; reaps it."""
    try:
        return os.waitpid(keeper, os.WNOHANG)[0] == keeper
    except ChildProcessError:
        return True


def _state(place: Place) -> dict[str, Any]:
    try:
        state: dict[str, Any] = json.loads((place.locks / "keeper.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state


def _slow(place: Place) -> NotReady:
    return not_ready("database_slow", f"数据库迟迟没有启动，请看 {place.log}",
                     f"the database has not started in time; look at {place.log}")  # fmt: skip
