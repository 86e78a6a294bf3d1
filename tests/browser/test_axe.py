"""Every kind of page of the demo city in a real browser: axe finds nothing, nothing scrolls sideways, keys work, and
what needs no cryptography works without JavaScript. Desks are looked at in :mod:`tests.browser.test_axe_desks`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from tests.browser.axe import Looked
from tests.browser.looks import found, looked, opened, too_wide, visitors, wrong_in_every_way  # noqa: F401  (some are fixtures)
from tests.browser.pages import PAGES, PUBLIC, Page, Visitors
from tests.browser.settled import follow, until
from yiwang.demo.city import PASSWORD
from yiwang.kernel import moment
from yiwang.modules.evidence.models import Witness
from yiwang.witness.keys import WitnessKeys

BY_NAME = {page.name: page for page in PAGES}


@pytest.mark.parametrize("page", PUBLIC, ids=[page.name for page in PUBLIC])
def test_axe_finds_nothing(visitors: Visitors, found: dict[str, str], looked: Looked, page: Page) -> None:  # noqa: F811
    wrong = wrong_in_every_way(visitors, found, looked, page)
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("name", ["home", "tender-A6", "desk-jia", "desk-tender-P2", "act-bid.submit"])
def test_axe_finds_nothing_in_the_dark(visitors: Visitors, found: dict[str, str], looked: Looked, name: str) -> None:  # noqa: F811
    tab = opened(visitors, found, BY_NAME[name], "zh", 390, color_scheme="dark")
    assert looked.faults(tab) == []


def test_axe_finds_nothing_while_a_witness_accuses_and_another_is_away(
    visitors: Visitors, found: dict[str, str], looked: Looked, settings: Any, tmp_path: Path  # noqa: F811
) -> None:
    names = ("finance.example", "notary.example")
    lines = [f"witness w{number} {WitnessKeys.create(name).vkeys()[0]} http://{name}" for number, name in enumerate(names)]
    settings.WITNESS_POLICY = tmp_path / "witness.policy"
    settings.WITNESS_POLICY.write_text("\n".join([*lines, "group both all w0 w1", "quorum both", ""]))
    at = {"since": moment.now(), "asked": moment.now(), "size": 7, "error_zh": "连不上", "error_en": "no connection"}
    rows = [Witness.objects.create(name=name, state=state, **at) for name, state in zip(names, ("forked", "unreachable"), strict=True)]
    cache.clear()
    try:
        for path, lang, width in (("/log/witnesses", "zh", 390), ("/ui/live/", "en", 1440)):
            tab = visitors.page("", lang, width=width)
            tab.goto(path)
            assert tab.locator(".banner").is_visible()
            assert looked.faults(tab) + too_wide(tab) == []
    finally:
        for row in rows:
            row.delete()
        cache.clear()


@pytest.mark.parametrize("name", ["home", "tender-T1", "results", "login", "desk-jia", "desk-tender-T3", "act-clarification.ask"])
def test_by_keyboard(visitors: Visitors, found: dict[str, str], name: str) -> None:  # noqa: F811
    """The first press of Tab offers the way past the header; every stop after it can be seen."""
    tab = opened(visitors, found, BY_NAME[name], "zh", 1440)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.matches('a.skip')")
    assert tab.locator("a.skip").bounding_box()["y"] >= 0, "the skip link shows itself when it has the focus"
    tab.keyboard.press("Enter")
    until(tab, "() => location.hash === '#main'")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.querySelector('#main').contains(document.activeElement) || document.activeElement === document.body")
    unseen = []
    for _ in range(25):
        tab.keyboard.press("Tab")
        unseen += tab.evaluate(UNSEEN)
    assert unseen == []


UNSEEN = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return [];
  const box = at.getBoundingClientRect(), look = getComputedStyle(at);
  const marked = (look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0) || look.boxShadow !== 'none';
  const there = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  return marked && there ? [] : [at.outerHTML.slice(0, 120)];
}"""


PLAIN = """home tenders results tender-T1 tender-A6 opening notice chain entry log about check help law calendar procedure login register
enter desk-jia desk-tender-T3 desk-tender-P2 notifications supervision act-tender.attach_document""".split()
"""Pages that need no cryptography."""


@pytest.mark.parametrize("page", [BY_NAME[name] for name in PLAIN], ids=PLAIN)
def test_without_javascript_the_content_is_there(visitors: Visitors, found: dict[str, str], page: Page) -> None:  # noqa: F811
    tab = opened(visitors, found, page, "zh", 390, script=False)
    assert tab.locator("h1").first.is_visible()
    hidden = [each for each in tab.locator("main h2, main h3").all() if not each.is_visible() and not _folded(each)]
    assert [each.inner_text() for each in hidden] == []


def _folded(heading: Any) -> bool:
    """Within something that the reader unfolds without a script."""
    return heading.locator("xpath=ancestor::details").count() > 0


def test_without_javascript_one_signs_in_asks_and_answers(visitors: Visitors, found: dict[str, str]) -> None:  # noqa: F811
    tab = visitors.page("", "zh", width=390, script=False, color_scheme="light")
    tab.goto(f"/login/?next=/desk/tenders/{found['T1']}/clarification.ask/")
    tab.fill("#id_username", "ding")
    tab.fill("#id_password", PASSWORD)
    follow(tab, "main form button[type=submit]:has-text('登录') >> nth=0")
    assert tab.url.endswith("/clarification.ask/")
    question = "检查井盖板的荷载等级是多少？"
    tab.fill("main textarea", question)
    follow(tab, "main form button[type=submit] >> nth=0")
    assert "/desk/receipts/" in tab.url, tab.inner_text("main")
    host = visitors.page("yi", "zh", width=390, script=False)
    host.goto(f"/desk/tenders/{found['T1']}/")
    assert question in host.inner_text("main")


def test_without_javascript_a_refused_form_keeps_what_was_typed(visitors: Visitors, found: dict[str, str]) -> None:  # noqa: F811
    tab = visitors.page("", "zh", width=390, script=False, color_scheme="dark")
    tab.goto("/register/")
    tab.fill("#id_uscc", "91330100000000000X")
    tab.fill("#id_name", "滨海试验建设有限公司")
    follow(tab, "main form button[type=submit]")
    assert tab.locator(".error-summary").is_visible()
    assert tab.input_value("#id_name") == "滨海试验建设有限公司"
    tab.click(".error-summary a[href='#id_uscc']")
    until(tab, "() => location.hash === '#id_uscc'")
