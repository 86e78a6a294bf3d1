"""What axe finds wrong with a page in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.browser.settled import asked

OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
_AXE = Axe().axe_script
_RUN = (Path(__file__).parent / "axe.js").read_text(encoding="utf-8")


class Looked:
    """Asks axe about pages; remembers which looks of text it has measured the colours of, see axe.js."""

    def __init__(self, *, every: bool = False) -> None:
        self._known: dict[str, None] | None = None if every else {}

    def faults(self, tab: Any) -> list[str]:
        """One line for each element of the page, as it is now, that breaks a rule."""
        asking = [None if self._known is None else "\x1e".join(self._known), OPTIONS]
        found = asked(tab, _RUN, asking)
        while found is None:  # a new document does not know axe yet
            asked(tab, f"() => {{ if (typeof axe === 'undefined') {{ {_AXE} }} }}")
            found = asked(tab, _RUN, asking)
        wrong: list[str] = found["faults"]
        if self._known is not None and not wrong:
            self._known |= dict.fromkeys(found["looks"])
        return wrong
