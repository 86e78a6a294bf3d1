"""What the machine may stand in the way with: each is provoked for real and gives one sentence and its exit code."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runtime.conftest import Yiwang, rows
from yiwang.runtime import preflight
from yiwang.runtime.mode import host_names, is_production
from yiwang.runtime.notready import NotReady
from yiwang.runtime.place import place_of
from yiwang.runtime.postgres import hold, holding
from yiwang.runtime.secret import secret_key
from yiwang.runtime.url import django_database


@pytest.fixture
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of 24 MB."""
    disk = folder / "disk"
    disk.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m,mode=755", "tmpfs", str(disk)],
                          check=False, capture_output=True)  # fmt: skip
    if done.returncode:
        pytest.skip("only root may mount a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def code_of(error: pytest.ExceptionInfo[NotReady]) -> str:
    """The stable part of a reason's code."""
    return error.value.reasons[0].code.removeprefix("runtime.")


def test_full_disk_is_told_before_anything_starts(small_disk: Path, yiwang: Yiwang) -> None:
    with pytest.raises(NotReady) as error:
        preflight.check_folder(small_disk / "var")
    assert code_of(error) == "disk_full"
    assert error.value.reasons[0].passes
    (small_disk / "filler").write_bytes(b"\0" * (small_disk.stat().st_blksize))
    answer = yiwang("db", YIWANG_DATA=str(small_disk / "var"))
    assert (answer.returncode, answer.stdout) == (3, "")
    assert "MB left" in answer.stderr


def test_disk_that_fills_up_while_the_database_is_made_leaves_nothing_half_done(small_disk: Path) -> None:
    with pytest.raises(NotReady) as error:
        hold(small_disk / "var")
    assert code_of(error) == "disk_full"
    place = place_of(small_disk / "var")
    assert not place.cluster.exists()
    assert not list(place.base.glob("cluster*"))


def test_not_a_byte_left(small_disk: Path) -> None:
    with (small_disk / "filler").open("wb") as filler, pytest.raises(OSError, match="No space"):
        while True:
            filler.write(b"\0" * 2**20)
            filler.flush()
    with pytest.raises(NotReady) as error:
        preflight.check_folder(small_disk)
    assert code_of(error) == "disk_full"
    assert not list(small_disk.glob(".probe*"))


def test_folder_that_cannot_be_written(folder: Path, yiwang: Yiwang) -> None:
    (folder / "file").write_text("")
    with pytest.raises(NotReady) as error:
        preflight.check_folder(folder / "file" / "var")
    assert code_of(error) == "unwritable"
    answer = yiwang("migrate", "--json", YIWANG_DATA=str(folder / "file" / "var"))
    assert answer.returncode == 3
    assert '"runtime.unwritable"' in answer.stdout


def test_port_that_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(NotReady) as error:
            preflight.check_port("127.0.0.1", port)
    assert code_of(error) == "port_taken"
    assert "--port" in str(error.value.reasons[0].passes)
    preflight.check_port("127.0.0.1", port)


def test_address_that_is_not_ours() -> None:
    with pytest.raises(NotReady) as error:
        preflight.check_port("192.0.2.1", 8000)
    assert code_of(error) == "address"


@pytest.mark.parametrize("url", ["mysql://a/b", "postgresql://host", "postgresql://host:x/b", "yiwang", "postgres:///"])
def test_database_url_that_is_none(url: str) -> None:
    with pytest.raises(NotReady) as error:
        django_database(url)
    assert code_of(error) == "database_url"


def test_database_url_in_all_its_parts() -> None:
    entry = django_database("postgres://a%40b:p%3Aw@db.example:5433/city?sslmode=require")
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"]) == ("a@b", "p:w", "db.example", "5433")
    assert (entry["NAME"], entry["OPTIONS"]) == ("city", {"sslmode": "require"})
    assert django_database("postgresql://u@/city?host=%2Ftmp%2Fa")["HOST"] == "/tmp/a"


def test_wrong_database_url_never_repeats_the_password(yiwang: Yiwang) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    answer = yiwang("db", DATABASE_URL=f"postgresql://u:geheim@127.0.0.1:{port}/city")
    assert answer.returncode == 3
    assert "no database runs" in answer.stderr
    assert "geheim" not in answer.stderr + answer.stdout
    host = yiwang("db", DATABASE_URL="postgresql://u:geheim@nowhere.invalid/city")
    assert (host.returncode, "not found" in host.stderr) == (3, True)


def test_absent_database_and_refused_user(folder: Path) -> None:
    with holding(folder / "var") as held:
        with pytest.raises(NotReady) as error:
            preflight.check_database(held.url.replace("/yiwang?", "/nothere?"))
        assert code_of(error) == "database_absent"
        with pytest.raises(NotReady) as error:
            preflight.check_database(held.url.replace("yiwang@", "stranger@"))
        assert code_of(error) == "database_login"
        preflight.check_database(held.url)


def test_schema_newer_than_the_program(folder: Path, yiwang: Yiwang) -> None:
    assert yiwang("migrate").returncode == 0
    with holding(folder / "var") as held:
        rows(held.url, "INSERT INTO django_migrations (app, name, applied) VALUES ('auth', '9999_next', now())")
        answer = yiwang("migrate", "--json")
        assert answer.returncode == 3
        assert "auth.9999_next" in answer.stdout


def test_schema_older_than_the_program(folder: Path, yiwang: Yiwang) -> None:
    with holding(folder / "var") as held:
        answer = yiwang("migrate", "--check", "--json", DATABASE_URL=held.url)
        assert answer.returncode == 1
        assert '"ok": false' in answer.stdout


def test_secret_key_is_made_once_and_closed(folder: Path) -> None:
    first = secret_key(folder / "var", production=False)
    assert secret_key(folder / "var", production=False) == first
    assert len(first) >= 50
    assert (folder / "var" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert not list((folder / "var").glob("secret.key.*"))


def test_production_wants_a_long_secret_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "YIWANG_SECRET_KEY", "short")
    with pytest.raises(NotReady, match="50"):
        secret_key(folder, production=True)
    monkeypatch.setitem(os.environ, "YIWANG_SECRET_KEY", "x" * 50)
    assert secret_key(folder, production=True) == "x" * 50


def test_mode_that_is_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "YIWANG_MODE", "prod")
    with pytest.raises(NotReady, match="prod"):
        is_production()


@pytest.mark.parametrize("names", ["", "*", " , "])
def test_production_wants_its_names(names: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "YIWANG_HOSTS", names)
    with pytest.raises(NotReady, match="YIWANG_HOSTS"):
        host_names(production=True)
    assert "a.example" not in host_names(production=False)
