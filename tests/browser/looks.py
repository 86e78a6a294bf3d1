"""The demo city in a real browser: its pages before the cast, what axe finds wrong with them, what scrolls sideways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.axe import Looked
from tests.browser.pages import Page, Visitors, addresses, serving, url_of
from tests.browser.settled import asked
from tests.conftest import WHOLE
from tests.site import city

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


@pytest.fixture(scope="module")
def looked() -> Looked:
    """Axe, which measures the colours of each look of text once; in ``make whole`` those of every text."""
    return Looked(every=WHOLE)


def opened(visitors: Visitors, found: dict[str, str], page: Page, lang: str, width: int, **options: Any) -> Any:
    """The page in its reader's tab."""
    tab = visitors.page(page.person, lang, width=width, **options)
    answer = tab.goto(url_of(page, found))
    assert answer.status == page.status
    return tab


def too_wide(tab: Any) -> list[str]:
    """What makes the page scroll sideways on a small phone."""
    tab.set_viewport_size({"width": NARROWEST, "height": 700})
    wide = asked(tab, "() => document.documentElement.scrollWidth")
    return [f"{wide} px wide at {NARROWEST}"] if wide > NARROWEST else []


def wrong_in_every_way(visitors: Visitors, found: dict[str, str], looked: Looked, page: Page) -> list[str]:
    """What is wrong with a page in both languages, on the desktop and on the phone."""
    wrong = []
    for lang, widths in (("zh", (1440, 390)), ("en", (390, 1440))):
        tab = opened(visitors, found, page, lang, widths[0])
        for width in widths:
            tab.set_viewport_size({"width": width, "height": 900})
            wrong += [f"{lang} at {width}: {each}" for each in looked.faults(tab)]
        wrong += too_wide(tab)
    return wrong
