"""A custodian's five minutes in a real browser, in both languages and on a phone: key, sheet, release, drill, deputy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.browser.settled import asked, follow
from tests.browser.test_sealed_bid import act_url, enter_with_keys_missing, give_key
from yiwang.demo.cast import player
from yiwang.modules.openings import acts as openings
from yiwang.modules.openings import drill_acts, selectors
from yiwang.modules.openings.drill_jobs import report_drills
from yiwang.seal import keys, recovery

pytestmark = pytest.mark.django_db(transaction=True)

BIDS = [("滨海甲建设有限公司", 80_000_00), ("滨海乙建设有限公司", 85_000_00), ("滨海丙建设有限公司", 86_000_00)]
WIDTHS = (1280, 390)


class Eyes:
    """Looks at a page as it stands, on the desktop and on the phone: axe, nothing wider than the window, a picture where one
    is wanted. The window is as before afterwards."""

    def __init__(self, faults: Callable[[Any], list[str]], shot: Callable[[Any, str], None]) -> None:
        self.faults, self.shot = faults, shot
        self.wrong: list[str] = []

    def look(self, page: Any, name: str) -> None:
        """Note what is wrong."""
        before = page.viewport_size
        for width in WIDTHS:
            page.set_viewport_size({**before, "width": width})
            wide = asked(page, "() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
            self.wrong += [f"{name} at {width}: {each}" for each in self.faults(page)]
            self.wrong += [f"{name}: {wide} px too wide at {width}"] if wide > 0 else []
            self.shot(page, f"{name}-{width}")
        page.set_viewport_size(before)


@pytest.fixture
def eyes(faults: Any, shot: Any) -> Iterator[Eyes]:
    made = Eyes(faults, shot)
    yield made
    assert made.wrong == []


@pytest.fixture
def posted() -> list[str]:
    """What browsers that were told to tell sent."""
    return []


def custodian_at(visitor: Any, player: Any, posted: list[str], **how: Any) -> Any:
    """A custodian's browser, which tells what it sends."""
    page = visitor(player, **how)
    page.on("request", lambda request: posted.append(request.post_data or "") if request.method == "POST" else None)
    return page


def test_from_the_key_to_its_release_by_the_sheet(
    city: Any, visitor: Any, cast: Any, eyes: Eyes, posted: list[str], tmp_path: Path
) -> None:
    play = city(bids=BIDS)
    enter_with_keys_missing(play, 2)
    browsers = [
        (cast.custodians[0], custodian_at(visitor, cast.custodians[0], posted, width=1280, lang="zh"), "zh"),
        (cast.custodians[1], custodian_at(visitor, cast.custodians[1], posted, width=390, lang="en"), "en"),
    ]
    sheets = {lang: give_and_print(page, eyes, lang, tmp_path) for _, page, lang in browsers}
    assert [bool(seat.recipient) for seat in selectors.custodians(play.tender)] == [True] * 5
    assert all("AGE-SECRET-KEY" not in body and groups[3] not in body for body in posted for groups in sheets.values())
    play.publish()
    play.submit_bids()
    play.close()
    for player_, page, lang in browsers:
        release_by_sheet(page, play, sheets[lang], eyes, lang, posted)
        assert selectors.custodians(play.tender).get(person=player_.person).released_at


def give_and_print(page: Any, eyes: Eyes, lang: str, folder: Path) -> list[str]:
    """A key is made, saved, checked, printed and given; the groups on its sheet."""
    page.goto("/desk/custody/")
    eyes.look(page, f"1-list-{lang}")
    follow(page, ".custody-now .button")
    eyes.look(page, f"2-give-{lang}")
    with page.expect_download() as waiting:
        page.click("[data-custody-make] [data-part=make]")
    saved = folder / f"{lang}-{waiting.value.suggested_filename}"
    waiting.value.save_as(saved)
    page.set_input_files("#check-file", saved)
    page.wait_for_selector("#id_saved:checked")
    eyes.look(page, f"3-made-{lang}")
    page.click("[data-part=sheet]")
    page.wait_for_selector(".recovery-sheet[open]")
    eyes.look(page, f"4-sheet-{lang}")
    groups: list[str] = page.locator(".sheet-groups .g").all_inner_texts()
    assert recovery.identity_of(" ".join(groups)) == keys.identity_in(saved.read_text())
    page.emulate_media(media="print")
    page.evaluate("document.body.classList.add('printing-sheet')")
    assert page.locator("header, main, footer").evaluate_all("all => all.every((each) => !each.checkVisibility())")
    eyes.shot(page, f"5-printed-{lang}")
    page.evaluate("document.body.classList.remove('printing-sheet')")
    page.emulate_media(media="screen")
    page.locator(".sheet-actions .button-quiet").click()
    page.click("form[data-custody-form] button[type=submit]")
    page.wait_for_url("**/desk/receipts/**")
    eyes.look(page, f"6-receipt-{lang}")
    return groups


def release_by_sheet(page: Any, play: Any, groups: list[str], eyes: Eyes, lang: str, posted: list[str]) -> None:
    """Two groups are typed in each other's place, which is told; then the sheet is typed in small letters, with hyphens."""
    page.goto("about:blank")  # a receipt that waits for its place in the log loads itself anew
    page.goto(act_url(play, "opening.release_key"))
    eyes.look(page, f"7-release-{lang}")
    posted.clear()
    wrong = [*groups[:4], groups[5], groups[4], *groups[6:]]
    page.fill("#id_identity", " ".join(wrong))
    page.click("form[data-custody-form] button[type=submit]")
    page.wait_for_selector(".notice-error")
    told = page.inner_text(".notice-error")
    assert ("第 5、6 组" if lang == "zh" else "5, 6") in told and posted == []
    eyes.look(page, f"8-mistyped-{lang}")
    page.fill("#id_identity", "\n".join("-".join(groups[at : at + 5]) for at in (0, 5, 10)).lower())
    page.click("form[data-custody-form] button[type=submit]")
    page.wait_for_url("**/desk/receipts/**")


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
