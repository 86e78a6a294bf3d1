"""The log on disk under crashes, full disks, several writers and damaged files."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from hashlib import sha256
from pathlib import Path

import pytest

from yiwang.kernel.errors import Refused
from yiwang.tlog import files, merkle
from yiwang.tlog.errors import LogDamaged
from yiwang.tlog.tiles import TileLog


def data(number: int) -> bytes:
    return sha256(b"entry %d" % number).digest()


def batch(start: int, stop: int) -> list[bytes]:
    return [data(n) for n in range(start, stop)]


def expected_root(size: int) -> bytes:
    return merkle.root_of(merkle.leaf_hash(data(n)) for n in range(size))


def tree_files(folder: Path) -> dict[str, bytes]:
    """Everything that clients may fetch, and the state."""
    found = (p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("."))
    return {str(p.relative_to(folder)): p.read_bytes() for p in found}


@pytest.fixture
def log(tmp_path: Path) -> TileLog:
    return TileLog(tmp_path / "log")


class Crash(Exception):
    """The process ends here."""


def crash_after(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Let ``count`` files be put in place, then fail; the state file comes last."""
    real, real_state, left, lock = files.replace, files.replace_after, [count], threading.Lock()

    def one() -> None:
        with lock:
            if left[0] == 0:
                raise Crash
            left[0] -= 1

    def replace(path: Path, content: bytes, mode: int = 0o644) -> None:
        one()
        real(path, content, mode)

    def replace_after(path: Path, content: bytes, folders: set[Path]) -> None:
        one()
        real_state(path, content, folders)

    monkeypatch.setattr(files, "replace", replace)
    monkeypatch.setattr(files, "replace_after", replace_after)


@pytest.mark.parametrize("count", range(8))
def test_a_crash_at_any_file_changes_nothing_and_appending_again_repairs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    straight = TileLog(tmp_path / "straight")
    straight.append(batch(0, 250))
    straight.append(batch(250, 520))
    log = TileLog(tmp_path / "log")
    log.append(batch(0, 250))
    with monkeypatch.context() as patch:
        crash_after(patch, count)
        with pytest.raises(Crash):
            log.append(batch(250, 520))
    for survivor in (log, TileLog(log.directory)):
        assert (survivor.size, survivor.root()) == (250, expected_root(250))
        survivor.check()
    again = TileLog(log.directory)
    again.append(batch(again.size, 520), at=again.size)
    assert tree_files(log.directory) == tree_files(straight.directory)


def test_the_object_goes_on_after_a_failed_append(log: TileLog, monkeypatch: pytest.MonkeyPatch) -> None:
    log.append(batch(0, 10))
    with monkeypatch.context() as patch:
        crash_after(patch, 1)
        with pytest.raises(Crash):
            log.append([b"other"] * 250)
    log.append(batch(10, 300))
    assert log.root() == expected_root(300)
    log.check()


KILLED = """
import os, sys
from hashlib import sha256
from pathlib import Path
from yiwang.tlog import files
from yiwang.tlog.tiles import TileLog
log, name = TileLog(Path(sys.argv[1])), sys.argv[2]
real = getattr(files, name)
def dies(path, *more):
    if log.size and path.name in ("state", ".state.new", "001.p"):
        os.kill(os.getpid(), 9)
    real(path, *more)
setattr(files, name, dies)
for start, stop in ((0, 100), (100, 300)):
    log.append([sha256(b"entry %d" % n).digest() for n in range(start, stop)])
"""


@pytest.mark.parametrize("where", ["replace_after", "sync_directory", "write_synced"])
def test_kill_9_between_bundle_and_state(tmp_path: Path, where: str) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), where], check=False)
    assert done.returncode == -9
    assert (tmp_path / "tile/entries/000").exists()
    log = TileLog(tmp_path)
    assert (log.size, log.root()) == (100, expected_root(100))
    assert log.append(batch(100, 300), at=100) == range(100, 300)
    assert log.root() == expected_root(300)
    log.check()


def test_a_full_disk_leaves_the_log_as_it_was(log: TileLog, monkeypatch: pytest.MonkeyPatch) -> None:
    log.append(batch(0, 10))

    def full(descriptor: int, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(OSError, match="No space"):
            log.append(batch(10, 20))
    assert not list(log.directory.rglob(".*.new"))
    log.append(batch(10, 20))
    assert log.root() == expected_root(20)


def test_the_state_waits_for_the_folders_of_the_tiles(log: TileLog, monkeypatch: pytest.MonkeyPatch) -> None:
    log.append(batch(0, 10))
    before, real = tree_files(log.directory)["state"], files.sync_directory

    def fails(folder: Path) -> None:
        if "tile" in str(folder.relative_to(log.directory)):
            raise OSError(5, "Input/output error")
        real(folder)

    with monkeypatch.context() as patch:
        patch.setattr(files, "sync_directory", fails)
        with pytest.raises(OSError, match="Input/output"):
            log.append(batch(10, 20))
    assert tree_files(log.directory)["state"] == before and not list(log.directory.rglob(".*.new"))
    assert log.append(batch(10, 20), at=10) == range(10, 20)
    log.check()


def test_a_bit_that_flips_while_writing_is_found_before_the_state_is_written(
    log: TileLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.append(batch(0, 200))
    real = files.replace
    for part in ("tile/entries", "tile/0", "tile/1"):

        def flip(path: Path, content: bytes, mode: int = 0o644, part: str = part) -> None:
            if part in str(path):
                content = content[:-1] + bytes([content[-1] ^ 4])
            real(path, content, mode)

        with monkeypatch.context() as patch:
            patch.setattr(files, "replace", flip)
            with pytest.raises(LogDamaged):
                log.append(batch(200, 300))
        assert TileLog(log.directory).size == log.size == 200
    log.append(batch(200, 300))
    assert log.root() == expected_root(300)


def test_a_resume_at_the_wrong_place_is_refused(log: TileLog) -> None:
    log.append(batch(0, 3))
    with pytest.raises(Refused, match="3"):
        log.append(batch(2, 5), at=2)
    assert log.append(batch(log.size, 5), at=log.size) == range(3, 5)
    assert log.append([], at=5) == range(5, 5)


def test_two_writers_do_not_overwrite_each_other(log: TileLog) -> None:
    other = TileLog(log.directory)
    log.append(batch(0, 5))
    assert other.append(batch(5, 8)) == range(5, 8)
    with pytest.raises(Refused):
        log.append(batch(5, 8), at=5)
    assert log.root() == expected_root(8)


def test_writers_in_threads_get_different_indexes(tmp_path: Path) -> None:
    got: list[int] = []

    def write() -> None:
        mine = TileLog(tmp_path)
        for _ in range(10):
            got.extend(mine.append([b"x", b"y"]))

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == list(range(60))
    TileLog(tmp_path).check()


# Damage


def flip_last_bit(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


FILES = [
    "tile/entries/000",
    "tile/entries/001",
    "tile/entries/002.p/88",
    "tile/0/000",
    "tile/0/001",
    "tile/0/002.p/88",
    "tile/1/000.p/2",
]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("harm", ["flip", "remove", "shorten", "swap"])
def test_check_names_the_file_that_is_wrong(log: TileLog, name: str, harm: str) -> None:
    log.append(batch(0, 600))
    path = log.directory / name
    if harm == "flip":
        flip_last_bit(path)
    elif harm == "remove":
        path.unlink()
    elif harm == "shorten":
        path.write_bytes(path.read_bytes()[:-1])
    else:
        content = path.read_bytes()
        path.write_bytes(content[34:] + content[:34] if "entries" in name else content[32:] + content[:32])
    with pytest.raises(LogDamaged) as error:
        log.check()
    assert error.value.path == name and name in str(error.value)


@pytest.mark.parametrize("name", [f for f in FILES if ".p/" in f])
def test_opening_finds_a_damaged_right_edge(log: TileLog, name: str) -> None:
    log.append(batch(0, 600))
    flip_last_bit(log.directory / name)
    with pytest.raises(LogDamaged, match=re.escape(name)):
        TileLog(log.directory)


def test_opening_finds_a_damaged_last_bundle_that_is_full(log: TileLog) -> None:
    log.append(batch(0, 512))
    flip_last_bit(log.directory / "tile/entries/001")
    with pytest.raises(LogDamaged, match="tile/entries/001"):
        TileLog(log.directory)


def test_check_from_a_later_entry_skips_what_lies_before(log: TileLog) -> None:
    log.append(batch(0, 600))
    flip_last_bit(log.directory / "tile/entries/000")
    log.check(start=256)
    with pytest.raises(LogDamaged):
        log.check(start=255)


@pytest.mark.parametrize(
    "state",
    [
        b"{",
        b"{}",
        b"[]",
        b'{"size": "3", "root": "00"}',
        b'{"size": -1, "root": ""}',
        b'{"size": true, "root": "%s"}' % (b"00" * 32),
        b"\xff",
    ],
)
def test_a_malformed_state_file(log: TileLog, state: bytes) -> None:
    log.append(batch(0, 3))
    (log.directory / "state").write_bytes(state)
    with pytest.raises(LogDamaged, match="state"):
        TileLog(log.directory)


def test_a_state_with_another_root_is_named_itself(log: TileLog) -> None:
    log.append(batch(0, 300))
    state = log.directory / "state"
    state.write_text(state.read_text().replace(log.root().hex(), "00" * 32))
    with pytest.raises(LogDamaged) as error:
        TileLog(log.directory)
    assert error.value.path == "state"
