"""A custodian's five minutes in a real browser, in both languages and on a phone: key, sheet, release, drill, deputy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_sealed_bid import act_url, enter_with_one_key_missing, give_key
from yiwang.demo.cast import player
from yiwang.modules.openings import acts as openings
from yiwang.modules.openings import drill_acts, selectors
from yiwang.modules.openings.drill_jobs import report_drills
from yiwang.seal import keys, recovery

pytestmark = pytest.mark.django_db(transaction=True)

BIDS = [("滨海甲建设有限公司", 80_000_00), ("滨海乙建设有限公司", 85_000_00), ("滨海丙建设有限公司", 86_000_00)]
SIZES = [(1280, "zh"), (390, "zh"), (1280, "en"), (390, "en")]


class Eyes:
    """Looks at a page as it stands: axe, nothing wider than the window, a picture where one is wanted."""

    def __init__(self, faults: Callable[[Any], list[str]], shot: Callable[[Any, str], None]) -> None:
        self.faults, self.shot = faults, shot
        self.wrong: list[str] = []

    def look(self, page: Any, name: str) -> None:
        """Note what is wrong."""
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        self.wrong += [f"{name}: {each}" for each in self.faults(page)] + ([f"{name}: {wide} px too wide"] if wide > 0 else [])
        self.shot(page, name)


@pytest.fixture
def eyes(faults: Any, shot: Any) -> Iterator[Eyes]:
    made = Eyes(faults, shot)
    yield made
    assert made.wrong == []


@pytest.mark.parametrize(("width", "lang"), SIZES)
def test_give_a_key_and_print_the_sheet(
    city: Any, visitor: Any, cast: Any, eyes: Eyes, tmp_path: Path, width: int, lang: str
) -> None:
    play, tag = city(), f"{width}-{lang}"
    enter_with_one_key_missing(play)
    page = visitor(cast.custodians[0], width=width, lang=lang)
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.post_data or "") if request.method == "POST" else None)
    page.goto("/desk/custody/")
    eyes.look(page, f"1-list-{tag}")
    page.click(".custody-now .button")
    eyes.look(page, f"2-give-{tag}")
    with page.expect_download() as waiting:
        page.click("[data-custody-make] [data-part=make]")
    saved = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(saved)
    page.set_input_files("#check-file", saved)
    page.wait_for_selector("#id_saved:checked")
    eyes.look(page, f"3-made-{tag}")
    page.click("[data-part=sheet]")
    page.wait_for_selector(".recovery-sheet[open]")
    eyes.look(page, f"4-sheet-{tag}")
    groups = page.locator(".sheet-groups .g").all_inner_texts()
    assert recovery.identity_of(" ".join(groups)) == keys.identity_in(saved.read_text())
    page.emulate_media(media="print")
    page.evaluate("document.body.classList.add('printing-sheet')")
    assert page.locator("header, main, footer").evaluate_all("all => all.every((each) => !each.checkVisibility())")
    eyes.shot(page, f"5-printed-{tag}")
    page.evaluate("document.body.classList.remove('printing-sheet')")
    page.emulate_media(media="screen")
    page.locator(".sheet-actions .button-quiet").click()
    page.click("form[data-custody-form] button[type=submit]")
    page.wait_for_url("**/desk/receipts/**")
    eyes.look(page, f"6-receipt-{tag}")
    seat = selectors.custodians(play.tender).first()
    assert seat.recipient and all("AGE-SECRET-KEY" not in body and groups[3] not in body for body in posted)


@pytest.mark.parametrize(("width", "lang"), SIZES[:2] + SIZES[3:])
def test_release_by_the_sheet(city: Any, visitor: Any, cast: Any, eyes: Eyes, width: int, lang: str) -> None:
    play, tag = city(bids=BIDS), f"{width}-{lang}"
    play.until("closed")
    page = visitor(cast.custodians[0], width=width, lang=lang)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None)
    page.goto(act_url(play, "opening.release_key"))
    eyes.look(page, f"7-release-{tag}")
    groups = list(recovery.groups(play.custody_keys[cast.custodians[0].person.username].identity))
    wrong = [*groups[:4], groups[5], groups[4], *groups[6:]]
    page.fill("#id_identity", " ".join(wrong))
    page.click("form[data-custody-form] button[type=submit]")
    page.wait_for_selector(".notice-error")
    told = page.inner_text(".notice-error")
    assert ("第 5、6 组" if lang == "zh" else "5, 6") in told and sent == []
    eyes.look(page, f"8-mistyped-{tag}")
    page.fill("#id_identity", "\n".join("-".join(groups[at : at + 5]) for at in (0, 5, 10)).lower())
    page.click("form[data-custody-form] button[type=submit]")
    page.wait_for_url("**/desk/receipts/**")
    assert selectors.custodians(play.tender).first().released_at


def test_a_drill_in_the_browser(visitor: Any, cast: Any, stage: Any, eyes: Eyes, tmp_path: Path) -> None:
    names = [each.person.username for each in cast.custodians]
    drill_acts.schedule(actor=cast.center.actor, custodians=names, opens=stage() + timedelta(hours=1), note="月度演练")
    page = visitor(cast.custodians[0], width=390)
    page.goto("/desk/")
    eyes.look(page, "9-home")
    page.goto("/desk/custody/drills/1/")
    eyes.look(page, "10-drill-give")
    with page.expect_download() as waiting:
        page.click("[data-custody-make] [data-part=make]")
    saved = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(saved)
    page.set_input_files("#check-file", saved)
    page.wait_for_selector("#id_saved:checked")
    page.click("form[data-custody-form] button[type=submit]")
    page.wait_for_selector("text=演练还没有开始")
    assert selectors.drill_keys(selectors.drill(cast.center.actor, 1))[0].recipient
    stage.wait(hours=1, minutes=5)
    page.goto("/desk/custody/drills/1/")
    eyes.look(page, "11-drill-release")
    page.set_input_files("#key-file", saved)
    page.wait_for_selector(".notice-success")
    page.click("form[data-custody-form] button[type=submit]")
    page.wait_for_selector("text=您已完成这次演练")
    stage.wait(hours=1)
    report_drills(stage())
    center = visitor(cast.center)
    center.goto("/desk/custody/drills/1/")
    eyes.look(center, "12-drill-report")
    assert "真的开标将打不开" in center.inner_text("main")
    center.goto("/desk/custody/drills/")
    eyes.look(center, "13-drills")
    center.goto("/desk/custody/drills/schedule/")
    eyes.look(center, "14-schedule")


def test_a_deputys_and_the_buyers_pages(city: Any, visitor: Any, cast: Any, stage: Any, eyes: Eyes, tmp_path: Path) -> None:
    play = city()
    play.enter()
    deputy = player("ersatz", "替补甲", organisation=cast.custodians[0].actor.organisation, duty="custodian")
    host = visitor(play.host)
    host.goto(act_url(play, "custody.appoint"))
    eyes.look(host, "15-appoint")
    names = [each.person.username for each in cast.custodians]
    openings.appoint_custodians(actor=play.host.actor, tender=play.number, custodians=names, deputies={names[0]: "ersatz"})
    page = visitor(cast.custodians[1])
    page.goto(act_url(play, "custody.refuse"))
    page.fill("#id_reason", "那天在外地")
    eyes.look(page, "16-refuse")
    page.click(".form button[type=submit]")
    page.wait_for_url("**/desk/receipts/**")
    host.goto(act_url(play, "custody.replace"))
    eyes.look(host, "18-replace")
    host.goto(f"/desk/tenders/{play.number}/")
    eyes.look(host, "19-tender")
    waiting = visitor(deputy, width=390)
    waiting.goto(act_url(play, "custody.provide_key"))
    eyes.look(waiting, "20-deputy-waits")
    stage.wait(hours=25)
    give_key(waiting, play, tmp_path)
    assert selectors.custodians(play.tender).first().key_by_deputy
