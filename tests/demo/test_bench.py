"""Figures and references of the benches."""

from __future__ import annotations

from importlib import import_module

import pytest

from yiwang.bench import NAMES, parts, raw
from yiwang.bench.figure import Figure
from yiwang.tlog import merkle


def test_a_figure_stands_beside_its_reference() -> None:
    plain = Figure("x", 50.0, "1/s", "raw", 200.0, "> 1", True).json()
    assert {key: plain[key] for key in ("name", "value", "unit", "reference", "reference_value", "ratio")} == {
        "name": "x", "value": 50.0, "unit": "1/s", "reference": "raw", "reference_value": 200.0, "ratio": 0.25,
    }  # fmt: skip


def test_the_reference_tree_is_the_same_tree() -> None:
    leaves = [bytes([n]) * 64 for n in range(16)]
    levels = raw.tree_levels(leaves)
    assert levels[-1][0] == raw.tree_hash(leaves) == merkle.root_of(map(merkle.leaf_hash, leaves))
    merkle.verify_inclusion(5, 16, levels[0][5], raw.memory_proof(levels, 5), levels[-1][0])


def test_an_unknown_bench_is_refused() -> None:
    with pytest.raises(KeyError):
        parts(["main", "nothing"])


def test_a_bench_has_parts_that_can_be_run_by_themselves() -> None:
    assert parts(["evidence", "web"]) == list(NAMES["evidence"])
    assert parts(["web"]) == ["web"]
    assert Figure.from_json(Figure("x", 50.0, "1/s", "raw", 200.0).json()) == Figure("x", 50.0, "1/s", "raw", 200.0)
    for part in parts(list(NAMES)):
        assert callable(import_module(f"yiwang.bench.{part}").run)
