"""The real browser of tests/browser, for the tests here that need one; those by node do without."""

from __future__ import annotations

from tests.browser.conftest import browser, faults, shot, visitor

__all__ = ["browser", "faults", "shot", "visitor"]
