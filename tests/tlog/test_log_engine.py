"""The bench of the log engine measures what it says, at a small size."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from yiwang.bench import log_engine
from yiwang.bench.figure import Figure
from yiwang.tlog.tiles import TileLog


def test_all_figures_are_measured_and_the_log_grew_to_its_last_size(tmp_path: Path) -> None:
    found = log_engine.figures(tmp_path, (1000, 3000), seconds=0.1)
    assert all(each.value > 0 and each.reference_value > 0 and each.name.startswith("log_engine.") for each in found)
    assert len({each.name for each in found}) == len(found) == 11 + 2 * (find_spec("pymerkle") is not None)
    assert TileLog(tmp_path / "grown").size == 3000
    TileLog(tmp_path / "durable_indexes_per_second").check()


def test_storage_counts_what_lies_on_the_disk(tmp_path: Path) -> None:
    log = TileLog(tmp_path / "log")
    log.append([bytes(64)] * 2560)
    before = log_engine.storage(log)
    assert 32 < before.value < 100 and before.met
    (log.directory / "more").write_bytes(b"x" * 2_560_000)
    assert abs(log_engine.storage(log).value - before.value - 1000) < 5


def test_a_goal_that_is_missed_is_said(tmp_path: Path) -> None:
    log = TileLog(tmp_path / "log")
    log.append([bytes(64)])
    assert isinstance(found := log_engine.storage(log), Figure) and found.met is False
