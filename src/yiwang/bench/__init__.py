"""Benches: each figure beside a reference that is measured in the same run. Method: docs/benchmarks.md."""

from __future__ import annotations

from importlib import import_module

from yiwang.bench.figure import Figure

NAMES = ("main", "evidence")
"""Benches by name; each is the module of that name with a function ``run() -> list[Figure]``."""


def run(name: str) -> list[Figure]:
    """Run one bench. KeyError when there is none of that name."""
    if name not in NAMES:
        raise KeyError(name)
    found: list[Figure] = import_module(f"yiwang.bench.{name}").run()
    return found
