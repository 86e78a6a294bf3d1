"""Which test file is begun first when several workers share them (``pytest -n``), and which stay with one worker.

The longest first, by what each took in the last run of everything on this machine (``build/test-seconds.json``), so that no
worker is left alone with a long one at the end. Without such a run :data:`LONG` says what is long.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

LONG = (
    "tests/browser/test_axe", "tests/site/test_every_url", "tests/site/test_no_leak", "tests/faults/", "tests/site/", "tests/browser/",
    "tests/demo/", "tests/runtime/", "tests/journeys/", "tests/verifier/",
)  # fmt: skip

TOGETHER = ("tests/verifier/audit/",)
"""Folders whose files share something that one process makes once."""

EVERYTHING = 2000
"""A run of so many tests tells how long the files take; a smaller one is of some of them."""


def bundle(node: str) -> str:
    """What is given to one worker as a whole: a file, or a folder of :data:`TOGETHER`."""
    file = node.partition("::")[0]
    return next((folder for folder in TOGETHER if file.startswith(folder)), file)


class Order:
    """A plugin of pytest: sorts what was collected, and learns how long it takes."""

    def __init__(self, root: Path, known: dict[str, float] | None) -> None:
        self.path = root / "build" / "test-seconds.json"
        self.known = self._read() if known is None else known
        self.taken: Counter[str] = Counter()
        self.tests = 0

    def _read(self) -> dict[str, float]:
        try:
            return dict(json.loads(self.path.read_text()))
        except (OSError, ValueError):
            return {}

    def key(self, node: str) -> tuple[int, float]:
        """The place of a test's bundle; new ones come first, as :data:`LONG` says."""
        name = bundle(node)
        rank = next((number for number, folder in enumerate(LONG) if name.startswith(folder)), len(LONG))
        return (1, -self.known[name]) if name in self.known else (0, rank)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """The longest first; tests of one bundle stay in the order of their file."""
        items.sort(key=lambda item: self.key(item.nodeid))

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Workers must sort as the others do, whatever is written meanwhile."""
        node.workerinput["test_seconds"] = self.known

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """As ``--dist loadfile``, by bundles."""
        from xdist.scheduler import LoadScopeScheduling

        class ByBundle(LoadScopeScheduling):
            def _split_scope(self, nodeid: str) -> str:
                return bundle(nodeid)

        return ByBundle(config, log) if config.getvalue("dist") == "loadfile" else None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test's seconds."""
        self.taken[bundle(report.nodeid)] += report.duration
        self.tests += report.when == "call"

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Keep what a run of everything took."""
        if self.tests >= EVERYTHING and not hasattr(session.config, "workerinput"):
            fresh = self.path.with_suffix(".new")
            fresh.write_text(json.dumps({name: round(seconds, 1) for name, seconds in self.taken.most_common()}, indent=0) + "\n")
            fresh.replace(self.path)


def register(config: pytest.Config) -> None:
    """Use it in this run."""
    known = getattr(config, "workerinput", {}).get("test_seconds")
    config.pluginmanager.register(Order(Path(config.rootpath), known), "yiwang-order")
