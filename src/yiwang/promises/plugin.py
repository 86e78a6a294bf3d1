"""Pytest plugin: keeps the outcome of every test that carries a promise, for ``yiwang promises``.

Each outcome is merged into ``build/promises.json`` as it comes, under a lock, so that several workers and several runs
add up. Load it with ``-p yiwang.promises.plugin``.
"""

from __future__ import annotations

import fcntl
import json
from pathlib import Path

import pytest

from yiwang.promises.tests_of import RESULTS


@pytest.hookimpl(trylast=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep what a marked test came to: its call, or whatever went wrong around it."""
    ids = [str(value) for name, value in report.user_properties if name == "promise"]
    if ids and (report.when == "call" or not report.passed):
        keep(Path(str(dict(report.user_properties)["promise_root"])), report.nodeid, ids, report.outcome, report.duration)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Write a test's promises on its reports."""
    ids = [value for mark in item.iter_markers("promise") for value in mark.args]
    known = {name for name, _ in item.user_properties}
    if ids and "promise" not in known:
        item.user_properties.append(("promise_root", str(item.config.rootpath)))
        item.user_properties.extend(("promise", value) for value in dict.fromkeys(ids))


def keep(root: Path, node: str, ids: list[str], outcome: str, seconds: float) -> None:
    """Merge one outcome into the file."""
    path = root / RESULTS
    path.parent.mkdir(exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        known[node] = {"promises": ids, "outcome": outcome, "seconds": round(seconds, 2)}
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        fresh.replace(path)
