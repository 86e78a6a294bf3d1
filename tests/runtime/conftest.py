"""Folders and programs for tests that start real servers."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from yiwang.runtime.place import Place, place_of

HERE = Path(__file__).parent
Yiwang = Callable[..., subprocess.CompletedProcess[str]]


def until(condition: Callable[[], object], seconds: float = 15.0) -> bool:
    """Wait for a condition; False when it does not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return bool(condition())


def alive(pid: int) -> bool:
    """True while a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def server_of(place: Place) -> int:
    """Process id of a running server, 0 without one."""
    try:
        return int((place.cluster / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, IndexError):
        return 0


def rows(url: str, statement: str) -> list[tuple[object, ...]]:
    """Run one statement; its rows."""
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as link:
        cursor = link.execute(statement)
        return cursor.fetchall() if cursor.description else []


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter (pytest's own are closed to others), removed with all databases in it."""
    path = Path(tempfile.mkdtemp(prefix="yw-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    place_of.cache_clear()
    for each in {place_of(found.parent) for found in path.rglob("postgres.where")}:
        shutil.rmtree(each.base, ignore_errors=True)
    shutil.rmtree(path, ignore_errors=True)
    place_of.cache_clear()


@pytest.fixture
def folder() -> Iterator[Path]:
    """:func:`open_folder` for one test."""
    with open_folder() as path:
        yield path


@pytest.fixture
def yiwang(folder: Path) -> Yiwang:
    """Run the program with a small project of its own: ``yiwang("db", "--json", DATABASE_URL="...")``."""

    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "yiwang.cli", *words], env=small(folder / "var", **environment),
                              check=False, capture_output=True, text=True, timeout=60)  # fmt: skip

    return run


def small(data: Path, **more: str) -> dict[str, str]:
    """An environment in which ``yiwang`` uses ``data`` and the small project of these tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("YIWANG", "DATABASE", "DJANGO"))}
    places = [str(HERE), *(part for part in sys.path if part.endswith("site-packages")), str(HERE.parents[1] / "src")]
    return {**kept, "YIWANG_DATA": str(data), "DJANGO_SETTINGS_MODULE": "small_project", "YIWANG_LANG": "en",
            "PYTHONPATH": os.pathsep.join(places), **more}  # fmt: skip
