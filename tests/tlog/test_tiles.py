"""The log on disk: the specification's paths and widths, roots, proofs, published checkpoints."""

from __future__ import annotations

import shutil
import tempfile
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.kernel.errors import Refused
from yiwang.tlog import layout, merkle
from yiwang.tlog.checkpoint import Checkpoint, sign_checkpoint
from yiwang.tlog.errors import LogDamaged, NoteError, ProofError
from yiwang.tlog.keys import LogKeys
from yiwang.tlog.tiles import TileLog

SIZES = (0, 1, 255, 256, 257, 511, 512, 513)


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


@pytest.mark.parametrize(
    ("level", "index", "width", "path"),
    [
        (0, 0, 256, "tile/0/000"),
        (0, 1234067, 256, "tile/0/x001/x234/067"),
        (2, 0, 17, "tile/2/000.p/17"),
        ("entries", 999, 256, "tile/entries/999"),
        ("entries", 1000, 1, "tile/entries/x001/000.p/1"),
    ],
)
def test_paths_of_the_specification(level: int | str, index: int, width: int, path: str) -> None:
    assert layout.tile_path(level, index, width) == path


def test_widths_of_the_specification() -> None:
    assert layout.edges(70_000) == [112, 17, 1]
    assert layout.edges(256) == [0, 1]


def test_a_tree_of_256_has_a_full_tile_and_a_partial_one_above(log: TileLog) -> None:
    log.append(batch(0, 256))
    assert set(tree_files(log.directory)) == {"state", "tile/0/000", "tile/1/000.p/1", "tile/entries/000"}
    assert (log.directory / "tile/1/000.p/1").read_bytes() == expected_root(256)
    assert len((log.directory / "tile/0/000").read_bytes()) == 8192


def test_entries_are_framed_by_big_endian_lengths(log: TileLog) -> None:
    log.append([b"", b"ab", b"x" * 300])
    bundle = (log.directory / "tile/entries/000.p/3").read_bytes()
    assert bundle == b"\x00\x00" + b"\x00\x02ab" + b"\x01\x2c" + b"x" * 300
    assert list(log.entries(0, 3)) == [b"", b"ab", b"x" * 300]


@pytest.mark.parametrize("size", SIZES)
def test_roots_and_proofs_at_the_borders_of_tiles(log: TileLog, size: int) -> None:
    assert log.append(batch(0, size)) == range(size)
    assert (log.size, log.root()) == (size, expected_root(size))
    assert list(log.entries(0, size)) == batch(0, size)
    for index in {0, size // 2, size - 1} if size else set():
        proof = log.inclusion_proof(index)
        merkle.verify_inclusion(index, size, merkle.leaf_hash(data(index)), proof, log.root())
    for old in {1, size // 3, size - 1, size} - {0, -1} if size else set():
        merkle.verify_consistency(old, size, expected_root(old), log.root(), log.consistency_proof(old))
        assert log.root(old) == expected_root(old)
    log.check()
    assert TileLog(log.directory).root() == log.root()


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 300), max_size=5))
def test_batches_of_any_size_give_the_same_log(counts: list[int]) -> None:
    with tempfile.TemporaryDirectory() as name:
        log, done = TileLog(Path(name)), 0
        for count in counts:
            assert log.append(batch(done, done + count), at=done) == range(done, done + count)
            done += count
        assert log.root() == expected_root(done)
        log.check()
        assert TileLog(Path(name)).root() == log.root()


def test_partial_tiles_stay_until_the_full_one_is_there(log: TileLog) -> None:
    for start, stop in ((0, 3), (3, 200), (200, 255)):
        log.append(batch(start, stop))
    assert {p.name for p in (log.directory / "tile/0/000.p").iterdir()} == {"3", "200", "255"}
    log.append(batch(255, 256))
    assert not (log.directory / "tile/0/000.p").exists()
    assert not (log.directory / "tile/entries/000.p").exists()


def test_a_reader_at_an_older_size_is_served_by_the_full_tile(log: TileLog) -> None:
    log.append(batch(0, 200))
    reader = TileLog(log.directory)
    log.append(batch(200, 300))
    assert (reader.size, reader.entry(199)) == (200, data(199))
    merkle.verify_inclusion(7, 200, merkle.leaf_hash(data(7)), reader.inclusion_proof(7), reader.root())
    reader.reload()
    assert (reader.size, reader.root()) == (300, log.root())


def test_what_is_not_in_the_log_is_refused(log: TileLog) -> None:
    log.append(batch(0, 5))
    for call in (
        lambda: log.entry(5),
        lambda: log.entry(-1),
        lambda: log.entries(3, 6),
        lambda: log.hash_at(3, 0),
        lambda: log.hash_at(0, 5),
        lambda: log.inclusion_proof(5),
        lambda: log.inclusion_proof(0, 6),
        lambda: log.consistency_proof(2, 6),
        lambda: log.append([b"x" * 65_536]),
    ):
        with pytest.raises(ProofError):
            call()
    with pytest.raises(Refused):
        log.root(6)
    assert log.size == 5


def test_the_longest_entry(log: TileLog) -> None:
    log.append([b"x" * 65_535])
    assert log.entry(0) == b"x" * 65_535
    log.check()


def signed(log: TileLog, keys: LogKeys, size: int | None = None) -> bytes:
    size = log.size if size is None else size
    return sign_checkpoint(Checkpoint(keys.name, size, log.root(size)), keys)


def test_published_checkpoints_replace_each_other(log: TileLog, keys: LogKeys) -> None:
    assert log.checkpoint() is None
    log.publish(signed(log, keys))
    log.append(batch(0, 300))
    note = signed(log, keys)
    log.publish(note)
    assert log.checkpoint() == note == (log.directory / "checkpoint").read_bytes()


def test_checkpoints_that_are_not_published(log: TileLog, keys: LogKeys) -> None:
    log.append(batch(0, 10))
    old = signed(log, keys)
    log.append(batch(10, 20))
    log.publish(signed(log, keys))
    other = LogKeys.create("other.example")
    for bad in (
        old,
        signed(log, other),
        sign_checkpoint(Checkpoint(keys.name, 20, bytes(32)), keys),
        sign_checkpoint(Checkpoint(keys.name, 21, bytes(32)), keys),
        b"nonsense",
    ):
        with pytest.raises(NoteError):
            log.publish(bad)


def test_no_checkpoint_without_its_partial_tiles(log: TileLog, keys: LogKeys) -> None:
    log.append(batch(0, 10))
    with pytest.raises(LogDamaged, match=r"tile/0/000\.p/7"):
        log.publish(signed(log, keys, 7))


def test_a_state_older_than_the_published_checkpoint_is_found_on_opening(log: TileLog, keys: LogKeys) -> None:
    log.append(batch(0, 10))
    shutil.copytree(log.directory, log.directory.with_name("backup"))
    log.append(batch(10, 20))
    log.publish(signed(log, keys))
    shutil.copy(log.directory.with_name("backup") / "state", log.directory / "state")
    with pytest.raises(LogDamaged) as error:
        TileLog(log.directory)
    assert error.value.path == "state"
    (log.directory / "state").unlink()
    with pytest.raises(LogDamaged):
        TileLog(log.directory)


def test_a_malformed_published_checkpoint_is_found_on_opening(log: TileLog) -> None:
    (log.directory / "checkpoint").write_bytes(b"nonsense")
    with pytest.raises(LogDamaged, match="checkpoint"):
        TileLog(log.directory)
