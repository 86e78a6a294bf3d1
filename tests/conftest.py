"""What all tests share. The database comes from the plugin ``yiwang.runtime.pytest_database`` (see docs/operations.md)."""

from __future__ import annotations

import os
import sys

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as examples

from tests import order

WHOLE = os.environ.get("YIWANG_TEST_WHOLE") == "1"
"""Set by ``make whole``."""

examples.register_profile("test", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.register_profile("whole", max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("whole" if WHOLE else "test")  # for tests that name no number of examples themselves


def pytest_configure(config: pytest.Config) -> None:
    """The order of the files."""
    order.register(config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is marked ``whole`` only when asked for."""
    for item in items:
        if not WHOLE and item.get_closest_marker("whole"):
            item.add_marker(pytest.mark.skip(reason="looked at by make whole"))


def pytest_runtest_setup() -> None:
    """What the desks keep of the last test's database says nothing of the next one's."""
    desks = sys.modules.get("yiwang.desks.work")
    if desks is not None:
        desks.forget()
