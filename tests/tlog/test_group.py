"""Group commit: many threads, one log, one append for all who wait."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from yiwang.tlog.errors import ProofError
from yiwang.tlog.group import GroupCommit
from yiwang.tlog.tiles import TileLog

WRITERS, EACH = 16, 12


@pytest.fixture
def log(tmp_path: Path) -> TileLog:
    return TileLog(tmp_path / "log")


def together(count: int, work: Callable[[int], None]) -> None:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def test_every_writer_gets_the_index_of_its_own_entry_and_it_is_durable(log: TileLog) -> None:
    group = GroupCommit(log)
    got: dict[bytes, int] = {}

    def write(number: int) -> None:
        for turn in range(EACH):
            entry = b"%d/%d" % (number, turn)
            got[entry] = group.append(entry)
            assert TileLog(log.directory).entry(got[entry]) == entry  # as another process sees it

    together(WRITERS, write)
    assert sorted(got.values()) == list(range(WRITERS * EACH))
    assert all(log.entry(index) == entry for entry, index in got.items())
    log.check()


def test_writers_share_appends_and_each_group_is_settled_before_its_writers_go_on(log: TileLog) -> None:
    settled: list[int] = []
    group = GroupCommit(log, settle=lambda: settled.append(log.size))

    def write(_number: int) -> None:
        for _ in range(EACH):
            assert group.append(b"entry") < settled[-1]

    together(WRITERS, write)
    assert settled[-1] == WRITERS * EACH and settled == sorted(set(settled))
    assert len(settled) < WRITERS * EACH / 2


def test_a_group_has_no_more_than_most(log: TileLog) -> None:
    sizes = [0]
    group = GroupCommit(log, most=3, settle=lambda: sizes.append(log.size))
    together(WRITERS, lambda number: [group.append(b"%d" % number) for _ in range(EACH)] and None)
    assert max(new - old for old, new in pairwise(sizes)) <= 3
    assert log.size == WRITERS * EACH


def test_an_entry_that_is_too_long_fails_alone(log: TileLog) -> None:
    group = GroupCommit(log)
    refused: list[int] = []

    def write(number: int) -> None:
        try:
            group.append(b"x" * (65_536 if number % 4 == 0 else 10))
        except ProofError:
            refused.append(number)

    together(WRITERS, write)
    assert sorted(refused) == [0, 4, 8, 12] and log.size == 12


def test_a_full_disk_is_told_to_all_of_the_group_and_it_goes_on_after(
    log: TileLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = GroupCommit(log)
    group.append(b"before")
    failed: list[int] = []

    def full(descriptor: int, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    def write(number: int) -> None:
        try:
            group.append(b"%d" % number)
        except OSError:
            failed.append(number)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        together(WRITERS, write)
    assert sorted(failed) == list(range(WRITERS)) and log.size == 1
    assert group.append(b"after") == 1


def test_what_settling_raises_reaches_the_writers_and_the_entries_stay(log: TileLog) -> None:
    away = [True]

    def settle() -> None:
        if away[0]:
            raise ConnectionError

    group = GroupCommit(log, settle=settle)
    with pytest.raises(ConnectionError):
        group.append(b"first")
    away[0] = False
    assert group.append(b"second") == 1 and log.entry(0) == b"first"
