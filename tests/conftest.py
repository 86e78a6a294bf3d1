"""What all tests share. The database comes from the plugin ``yiwang.runtime.pytest_database`` (see docs/operations.md)."""

from __future__ import annotations

import os
import sys

import pytest

LONG = (
    "tests/browser/test_axe", "tests/site/test_every_url", "tests/site/test_no_leak", "tests/faults/", "tests/site/", "tests/browser/",
    "tests/demo/", "tests/runtime/",
)  # fmt: skip
"""The longest files, and folders of long ones: begun first, so that no worker is left alone with one of them at the end."""


WHOLE = os.environ.get("YIWANG_TEST_WHOLE") == "1"
"""Set by ``make whole``."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, otherwise as collected; what is marked ``whole`` only when asked for."""
    for item in items:
        if not WHOLE and item.get_closest_marker("whole"):
            item.add_marker(pytest.mark.skip(reason="looked at by make whole"))
    items.sort(key=lambda item: next((n for n, folder in enumerate(LONG) if item.nodeid.startswith(folder)), len(LONG)))


def pytest_runtest_setup() -> None:
    """What the desks keep of the last test's database says nothing of the next one's."""
    desks = sys.modules.get("yiwang.desks.work")
    if desks is not None:
        desks.forget()
