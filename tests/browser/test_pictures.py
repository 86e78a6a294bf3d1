"""The documentation's pictures: every one that is listed here lies in docs/images, and no other.

``YIWANG_PICTURES=1 pytest tests/browser/test_pictures.py`` takes them anew, in the demo city at the moment at which it
opens. Only what is missing, too large or of the wrong size fails; hashes in a picture change with every load of the city.
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.browser.pages import Visitors, addresses, serving
from tests.site import city

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FOLDER = ROOT / "docs" / "images"
MOST_BYTES = 250_000
SIZES = {"desktop": (1440, 960, 1), "phone": (390, 844, 2), "paper": (794, 1123, 1)}
"""Width and height in CSS pixels, and how many pixels each is."""
TAKEN_ANEW = os.environ.get("YIWANG_PICTURES") == "1"


@dataclass(frozen=True)
class Picture:
    """A picture.

    Attributes:
        name: of the page; the file is ``<name>-<lang>-<device>.png``.
        path: with ``{T1}`` for tenders of the demo city.
        person: who looks.
        devices: desktop, phone, or paper (an A4 sheet as it is printed).
        langs: zh, en or both.
        light: False is the dark theme.
        before: what the reader has done on the page.
    """

    name: str
    path: str
    person: str = ""
    devices: tuple[str, ...] = ("desktop", "phone")
    langs: tuple[str, ...] = ("zh",)
    light: bool = True
    before: Callable[[Any], object] | None = None

    def files(self) -> Iterator[tuple[str, str, str]]:
        """File name, language and device of each."""
        for lang in self.langs:
            for device in self.devices:
                yield f"{self.name}-{lang}-{device}.png", lang, device


def _fill_in_a_bid(tab: Any) -> None:
    tab.fill("#seal-price", "76,500,000.00")
    letter = {"name": "投标函.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7" * 24_000}
    design = {"name": "施工组织设计.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7" * 410_000}
    tab.set_input_files("#seal-files", [letter, design])
    tab.locator(".pre-check button").click()  # this device makes its signing key
    tab.wait_for_timeout(500)
    tab.wait_for_load_state("networkidle")
    tab.wait_for_timeout(1000)
    tab.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")


def _score(tab: Any) -> None:
    for number, marks in enumerate((("22.5", "13"), ("21", "12.5"), ("23", "11"))):
        row = tab.locator("main tbody tr").nth(number)
        row.locator("input[type=radio]").first.check()
        for box, mark in zip(row.locator("input:not([type=radio])").all(), marks, strict=True):
            box.fill(mark)
    tab.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    tab.mouse.move(0, 0)


DESKTOP = ("desktop",)
PICTURES = [
    Picture("home", "/", langs=("zh", "en")),
    Picture("tender", "/tenders/{T2}/", langs=("zh", "en")),
    Picture("tender-awarded", "/tenders/{K1}/", langs=("zh", "en")),
    Picture("tender-dark", "/tenders/{A6}/", devices=DESKTOP, light=False),
    Picture("results", "/results/"),
    Picture("check", "/check/"),
    Picture("log-entry", "/evidence/{open}/"),
    Picture("law-calendar", "/law/calendar/", devices=DESKTOP),
    Picture("award-notice", "/tenders/{W1}/notice/", devices=("paper",)),
    Picture("desk-buyer", "/desk/", "jia", langs=("zh", "en")),
    Picture("desk-tender", "/desk/tenders/{P2}/", "jia"),
    Picture("publish", "/desk/tenders/{D2}/tender.publish/", "jia"),
    Picture("bid", "/desk/tenders/{T1}/bid.submit/", "bing", langs=("zh", "en"), before=_fill_in_a_bid),
    Picture("custodian-key", "/desk/tenders/{C1}/opening.release_key/", "ji"),
    Picture("score-sheet", "/desk/tenders/{E1}/evaluation.submit_sheet/", "wu", before=_score),
    Picture("draw", "/desk/tenders/{O2}/draw.commit/", "center", devices=DESKTOP),
    Picture("supervision", "/desk/supervision/", "geng"),
    Picture("components", "/ui/", devices=DESKTOP),
]
FILES = [name for picture in PICTURES for name, _, _ in picture.files()]


@pytest.fixture(scope="module")
def visitors(browser: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Visitors, dict[str, str]]]:
    """The cast in the demo city, a few steps further where a page would have nothing to show."""
    with django_db_blocker.unblock(), city.copied():
        _go_on(addresses())
        with serving() as address:
            made = Visitors(browser, address)
            yield made, addresses()
            made.close()
    assert made.complaints == []


def _go_on(found: dict[str, str]) -> None:
    """戊 declares and may score; 己 gives the last key, so that the notice can go out; the center freezes its list."""
    from yiwang.demo.cast import bound
    from yiwang.demo.city import ring
    from yiwang.demo.play import possession
    from yiwang.demo.script import SEATS
    from yiwang.modules.evaluations import acts as evaluations
    from yiwang.modules.evidence import sequencer
    from yiwang.modules.experts import acts as experts
    from yiwang.modules.openings import acts as openings
    from yiwang.modules.parties import selectors

    keys = ring()
    wu, ji, center = (bound(selectors.person_named(name), keys) for name in ("wu", "ji", "center"))
    evaluations.declare(actor=wu.actor, tender=found["E1"], **wu.sign("no-conflict", {"tender": found["E1"]}))
    key = keys.new_custody_key(found["D2"], "ji")
    openings.provide_key(actor=ji.actor, tender=found["D2"], **possession(ji.actor, found["D2"], key))
    experts.freeze_list(actor=center.actor, tender=found["O2"], seats=SEATS)
    sequencer.sequence_all()


@pytest.mark.skipif(not TAKEN_ANEW, reason="pictures are taken anew only with YIWANG_PICTURES=1")
@pytest.mark.parametrize("picture", PICTURES, ids=[picture.name for picture in PICTURES])
def test_take(visitors: tuple[Visitors, dict[str, str]], picture: Picture) -> None:
    people, found = visitors
    FOLDER.mkdir(exist_ok=True)
    for name, lang, device in picture.files():
        width, height, scale = SIZES[device]
        shade = "light" if picture.light else "dark"
        tab = people.page(picture.person, lang, width=width, height=height, device_scale_factor=scale, color_scheme=shade)
        tab.emulate_media(media="print" if device == "paper" else "screen")
        answer = tab.goto(re.sub(r"\{(\w+)\}", lambda place: found[place[1]], picture.path))
        assert answer.status == 200
        tab.wait_for_load_state("networkidle")
        if device == "paper":
            tab.evaluate("document.body.style.padding = '68px 60px'")  # the margins that @page sets
        if picture.before:
            picture.before(tab)
        (FOLDER / name).write_bytes(small(people.browser, tab.screenshot(animations="disabled")))


def small(browser: Any, picture: bytes) -> bytes:
    """The same picture in at most 256 colours."""
    workshop = browser.new_page()
    made = workshop.evaluate((HERE / "palette.js").read_text(encoding="utf-8"), base64.b64encode(picture).decode())
    workshop.close()
    return base64.b64decode(made)


@pytest.mark.parametrize("name", FILES)
def test_picture_is_there(name: str) -> None:
    path = FOLDER / name
    assert path.is_file(), "take it with YIWANG_PICTURES=1"
    head = path.read_bytes()[:24]
    width, _, scale = SIZES[name.removesuffix(".png").rpartition("-")[2]]
    assert head[:8] == b"\x89PNG\r\n\x1a\n" and int.from_bytes(head[16:20], "big") == width * scale
    assert path.stat().st_size < MOST_BYTES


def test_no_other_pictures_lie_about() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(FILES)


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_pictures_that_pages_show_are_among_them(page: str) -> None:
    shown = re.findall(r"docs/images/([\w.-]+)", (ROOT / page).read_text(encoding="utf-8"))
    assert set(shown) <= set(FILES)
