"""What all tests share. The database comes from the plugin ``yiwang.runtime.pytest_database`` (see docs/operations.md)."""

from __future__ import annotations

import pytest

LONG = ("tests/faults/", "tests/site/", "tests/browser/", "tests/demo/", "tests/runtime/")
"""Folders with the longest files: begun first, so that no worker is left alone with one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, otherwise as collected."""
    items.sort(key=lambda item: next((n for n, folder in enumerate(LONG) if item.nodeid.startswith(folder)), len(LONG)))
