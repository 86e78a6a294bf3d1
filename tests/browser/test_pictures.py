"""The pictures of the documentation: taken of the demo city, whose clock stands still, so they change only with the pages.

Every listed picture must be in docs/images. ``YIWANG_PICTURES=1`` takes them anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.pages import Page, addresses, url_of
from tests.site import city

IMAGES = Path(__file__).parents[2] / "docs" / "images"
MOST_BYTES = 450_000
WIDTHS = {"desktop": 1440, "phone": 390}

PICTURES = {
    "home": Page("home", "/"),
    "tender": Page("tender", "/tenders/{A1}/"),
    "tendering": Page("tendering", "/tenders/{T3}/"),
    "results": Page("results", "/results/"),
    "check": Page("check", "/check/"),
    "evidence": Page("evidence", "/evidence/{open}/"),
    "buyer": Page("buyer", "/desk/", "jia"),
    "buyer-tender": Page("buyer-tender", "/desk/tenders/{P2}/", "jia"),
    "bid": Page("bid", "/desk/tenders/{T3}/bid.submit/", "bing"),
    "custodian": Page("custodian", "/desk/tenders/{C1}/opening.release_key/", "ji"),
    "evaluator": Page("evaluator", "/desk/tenders/{E1}/", "wu"),
    "supervisor": Page("supervisor", "/desk/supervision/", "geng"),
    "center": Page("center", "/desk/center/", "center"),
    "notice": Page("notice", "/tenders/{W1}/notice/"),
}
ENGLISH = ("home", "tender", "buyer")


def names() -> list[tuple[str, str, str]]:
    """(picture, language, size) of all that must be there."""
    found = [(name, "zh", size) for name in PICTURES for size in WIDTHS]
    return found + [(name, "en", "desktop") for name in ENGLISH]


@pytest.mark.parametrize(("name", "lang", "size"), names())
def test_every_picture_is_there(name: str, lang: str, size: str) -> None:
    path = IMAGES / f"{name}-{lang}-{size}.png"
    assert path.is_file(), f"{path.name} is missing: YIWANG_PICTURES=1 pytest tests/browser/test_pictures.py"
    assert path.stat().st_size <= MOST_BYTES


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The demo city on a live server."""
    from pytest_django.live_server_helper import LiveServer

    with django_db_blocker.unblock(), city.copied():
        server = LiveServer("localhost")
        yield server.url
        server.stop()


@pytest.mark.skipif(not os.environ.get("YIWANG_PICTURES"), reason="set YIWANG_PICTURES=1 to take the pictures anew")
def test_take_the_pictures(site: str, browser: Any) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    found = addresses()
    for name, lang, size in names():
        page = PICTURES[name]
        context = browser.new_context(base_url=site, viewport={"width": WIDTHS[size], "height": 900})
        _sign_in(context, site, page.person)
        tab = context.new_page()
        answer = tab.goto(url_of(page, found) + f"?lang={lang}")
        assert answer is not None and answer.status == page.status, f"{name}: {answer and answer.status}"
        tab.wait_for_load_state("networkidle")
        height = min(tab.evaluate("document.documentElement.scrollHeight"), 1500 if size == "desktop" else 1600)
        tab.screenshot(path=IMAGES / f"{name}-{lang}-{size}.png", full_page=True, clip={"x": 0, "y": 0, "width": WIDTHS[size], "height": height})
        context.close()


def _sign_in(context: Any, site: str, username: str) -> None:
    if not username:
        return
    from django.conf import settings
    from django.test import Client

    from yiwang.modules.parties import selectors

    client = Client()
    client.force_login(selectors.person_named(username))
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
