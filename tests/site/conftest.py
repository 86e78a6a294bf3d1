"""The demo city, a copy for the tests of this folder; each test is rolled back."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.template.base import Template
from django.test.utils import _TestState

from tests.site import city as cities
from tests.site.asking import Asked
from tests.site.people import Looked, clients, looked_at, signing_in


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Thousands of refusals are asked for on purpose; the log need not tell of each."""
    logger = logging.getLogger("django.request")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(level)


@pytest.fixture(autouse=True)
def _plain_rendering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django's tests keep a copy of the context of every template, and nobody here looks at one."""
    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)


@pytest.fixture(scope="module")
def binhai(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The city's folder; the city's database is the default one as long as this lives, and the cast is signed in there."""
    with django_db_blocker.unblock(), cities.copied() as folder, signing_in():
        yield folder


@pytest.fixture(scope="module")
def city(binhai: Any) -> dict[str, Looked]:
    """The city's tenders by code."""
    return looked_at()


@pytest.fixture
def asked(binhai: Any, db: None) -> Iterator[Asked]:
    """Asks as each of the cast; fails at the end when an answer was not the expected one."""
    made = Asked(clients())
    yield made
    made.check()
