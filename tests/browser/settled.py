"""Looking at a page that another one may just be taking the place of.

A press on a link or on a button that sends returns before the next document is there whole. For a moment the page has no
root element, a script that is being asked loses its document, and ``page.url`` is the old one. Whoever presses and then
looks goes by these; a locator that waits for something of the next page (``wait_for_selector``) does as well.
"""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Error

SECONDS = 60.0
"""For how long a document, or something on it, is waited for."""
_ON_A_WHOLE_DOCUMENT = "async (given) => document.readyState === 'complete' && document.body ? [await (%s)(given)] : null"
_UNDER_WAY = ("navigat", "context was destroyed", "Cannot find context")
"""How an error says that the document went away under the question."""


def asked(page: Any, question: str, given: Any = None) -> Any:
    """What a function of the page's own language gives on a document that is there whole.

    It is asked again when another document came in between, so it must not matter how often. Works where the page may run
    no scripts, too.
    """
    end = time.monotonic() + SECONDS
    while True:
        try:
            found = page.evaluate(_ON_A_WHOLE_DOCUMENT % question, given)
        except Error as error:
            if time.monotonic() > end or not any(words in error.message for words in _UNDER_WAY):
                raise
            found = None
        if found is not None:
            return found[0]
        assert time.monotonic() < end, f"no whole document at {page.url}"
        page.wait_for_timeout(20)


def settled(page: Any) -> Any:
    """The page, once its document is there whole."""
    asked(page, "() => true")
    return page


def until(page: Any, question: str) -> None:
    """Wait until a function of the page's own language gives something true."""
    end = time.monotonic() + SECONDS
    while not asked(page, question):
        assert time.monotonic() < end, f"never: {question}"
        page.wait_for_timeout(20)


def follow(page: Any, press: Any) -> Any:
    """Press a link, or a button that sends, that leads to another document; gives the page once that is there whole."""
    with page.expect_navigation():
        page.click(press) if isinstance(press, str) else press.click()
    return settled(page)
