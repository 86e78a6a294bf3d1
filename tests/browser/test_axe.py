"""Every kind of page of the demo city in a real browser: axe finds nothing, nothing scrolls sideways, keys work, and
what needs no cryptography works without JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.pages import PAGES, Page, Visitors, addresses, serving, url_of
from tests.site import city

WIDTHS = (1440, 390)
NARROWEST = 360
"""Pixels of a small phone, and of a 720 pixel window at 200 % zoom."""


@pytest.fixture(scope="module")
def found(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, str]]:
    """The demo city is the default database; gives the addresses in it."""
    with django_db_blocker.unblock(), city.copied():
        yield addresses()


@pytest.fixture(scope="module")
def visitors(browser: Any, found: dict[str, str]) -> Iterator[Visitors]:
    """The cast before their browsers; at the end no browser may have complained."""
    with serving() as address:
        made = Visitors(browser, address)
        yield made
        made.close()
    assert made.complaints == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_axe_finds_nothing(
    visitors: Visitors, found: dict[str, str], faults: Callable[[Any], list[str]], page: Page, lang: str
) -> None:
    wrong: list[str] = []
    tab = visitors.page(page.person, lang)
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        answer = tab.goto(url_of(page, found))
        assert answer.status == page.status
        wrong += [f"at {width}: {each}" for each in faults(tab)]
    tab.set_viewport_size({"width": NARROWEST, "height": 700})
    wide = tab.evaluate("document.documentElement.scrollWidth")
    wrong += [f"{wide} px wide at {NARROWEST}"] if wide > NARROWEST else []
    assert wrong == [], "\n".join(wrong)
