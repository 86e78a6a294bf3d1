"""Benches: each figure beside a reference that is measured in the same run. Method: docs/benchmarks.md."""

from __future__ import annotations

from importlib import import_module

from yiwang.bench.figure import Figure

NAMES: dict[str, tuple[str, ...]] = {
    "main": ("main",),
    "law": ("law",),
    "evaluation": ("evaluation",),
    "evidence": ("evidence", "log_engine", "audit_speed", "dossiers", "web"),
    "bidding": ("hall", "sealing", "opening_speed", "browser_seal", "burst"),
}
"""Benches by name, and their parts; each part is the module of that name here with a function ``run() -> list[Figure]``."""


def parts(names: list[str]) -> list[str]:
    """The parts of benches; a part may be named by itself.

    Raises:
        KeyError: there is no such bench; its argument is the name.
    """
    known = {part for each in NAMES.values() for part in each}
    for name in names:
        if name not in NAMES and name not in known:
            raise KeyError(name)
    return list(dict.fromkeys(part for name in names for part in NAMES.get(name, (name,))))


def run(part: str) -> list[Figure]:
    """Run one part, in a database and data folder that are empty when it begins."""
    found: list[Figure] = import_module(f"yiwang.bench.{part}").run()
    return found
