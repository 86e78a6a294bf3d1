"""Every kind of page of the desks, and the page of every act, in a real browser: axe finds nothing, nothing scrolls sideways."""

from __future__ import annotations

import pytest

from tests.browser.axe import Looked
from tests.browser.looks import found, looked, visitors, wrong_in_every_way  # noqa: F401  (some are fixtures)
from tests.browser.pages import DESKS, Page, Visitors


@pytest.mark.parametrize("page", DESKS, ids=[page.name for page in DESKS])
def test_axe_finds_nothing(visitors: Visitors, found: dict[str, str], looked: Looked, page: Page) -> None:  # noqa: F811
    wrong = wrong_in_every_way(visitors, found, looked, page)
    assert wrong == [], "\n".join(wrong)
