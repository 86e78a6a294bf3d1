"""The demo city, a copy for the tests of this folder; each test is rolled back."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from tests.site import city


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Thousands of refusals are asked for on purpose; the log need not tell of each."""
    logger = logging.getLogger("django.request")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(level)


@pytest.fixture(scope="module")
def binhai(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The city's folder; the city's database is the default one as long as this lives."""
    with django_db_blocker.unblock(), city.copied() as folder:
        yield folder
