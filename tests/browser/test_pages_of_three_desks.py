"""Every page of tenderer, custodian and evaluator: axe finds nothing, nothing scrolls sideways, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.settled import asked
from yiwang.demo.play import Play
from yiwang.kernel import formula_book
from yiwang.modules.evaluations import acts as evaluations
from yiwang.modules.openings import acts as openings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.whole]

FIRMS = ("滨海甲建设有限公司", "滨海乙建设有限公司", "滨海丙市政工程有限公司")
READERS = ((1440, "zh"), (390, "en"))


class Look:
    """Opens pages as somebody, at both widths in both languages, and collects what is wrong with them."""

    def __init__(self, visitor: Callable[..., Any], faults: Callable[[Any], list[str]], shot: Callable[..., Any]) -> None:
        self.visitor, self.faults, self.shot = visitor, faults, shot
        self.pages: dict[tuple[Any, int, str], Any] = {}
        self.wrong: list[str] = []

    def at(self, player: Any, url: str, name: str, *, before: Callable[[Any], None] | None = None) -> None:
        """Look at one page."""
        for width, lang in READERS:
            key = (player.person.pk, width, lang)
            page = self.pages.setdefault(key, None) or self.visitor(player, width=width, lang=lang)
            self.pages[key] = page
            answer = page.goto(f"{url}?lang={lang}")
            if before:
                before(page)
            self.shot(page, f"{name}-{lang}-{width}")
            self.wrong += [f"{name} {lang} {width}: {each}" for each in self.faults(page)]
            if answer.status != 200:
                self.wrong.append(f"{name}: {answer.status}")
            if asked(page, "() => document.documentElement.scrollWidth") > width:
                self.wrong.append(f"{name} {lang} scrolls sideways at {width}")


@pytest.fixture
def look(visitor: Callable[..., Any], faults: Callable[[Any], list[str]], shot: Callable[..., Any]) -> Look:
    return Look(visitor, faults, shot)


def act_url(play: Play, act: str) -> str:
    return f"/desk/tenders/{play.number}/{act}/"


def test_tenderers_and_custodians_pages(city: Callable[..., Any], look: Look, cast: Any) -> None:
    play = city(bids=[(firm, 80_000_00 + n * 100) for n, firm in enumerate(FIRMS)])
    play.enter()
    custodian, first = cast.custodians[0], cast.tenderer(FIRMS[0])
    openings.appoint_custodians(actor=play.host.actor, tender=play.number, custodians=[each.person.username for each in cast.custodians])
    look.at(custodian, act_url(play, "custody.provide_key"), "provide-key")
    look.at(custodian, "/desk/custody/", "custody-list")
    play = city(bids=[(firm, 80_000_00 + n * 100) for n, firm in enumerate(FIRMS)])
    play.until("tendering")
    look.at(first, act_url(play, "bid.submit"), "bid-first")
    play.submit_bids()
    look.at(first, act_url(play, "bid.submit"), "bid-again", before=by_file)
    look.at(first, act_url(play, "bid.withdraw"), "bid-withdraw")
    look.at(first, act_url(play, "clarification.ask"), "ask")
    look.at(first, act_url(play, "objection.raise"), "object")
    play.close()
    look.at(custodian, act_url(play, "opening.release_key"), "release-key")
    assert look.wrong == []


def by_file(page: Any) -> None:
    """Fill in a price above the ceiling, choose a file, and unfold the other ways."""
    page.fill("#seal-price", "123,456.78")
    page.set_input_files("#seal-files", [{"name": "投标函.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7" * 1000}])
    page.click(".seal-answers summary")
    page.click(".by-file summary")
    page.click(".seal-form button[type=submit]")
    page.wait_for_selector(".seal-form .notice-error")


def test_evaluators_pages(city: Callable[..., Any], look: Look, cast: Any) -> None:
    formula = formula_book.template("comprehensive_score").formula()
    play = city(formula=formula, bids=[(firm, 80_000_00 + n * 3_000_00) for n, firm in enumerate(FIRMS)])
    play.until("evaluating")
    (_, own), *_ = play._committee()
    look.at(own, act_url(play, "evaluation.declare"), "declare")
    look.at(own, act_url(play, "draw.decline"), "decline")
    evaluations.declare(actor=own.actor, tender=play.number, **own.sign("no-conflict", {"tender": play.number}))
    look.at(own, act_url(play, "evaluation.submit_sheet"), "sheet", before=half_filled)
    look.at(own, act_url(play, "evaluation.submit_sheet"), "sheet-wrong", before=send_wrong)
    look.at(own, act_url(play, "evaluation.submit_sheet"), "sheet-review", before=to_review)
    play_on(play)
    look.at(own, act_url(play, "evaluation.conclude"), "conclude")
    evaluations.conclude(actor=own.actor, tender=play.number)
    look.at(own, act_url(play, "evaluation.sign_report"), "sign-report")
    assert look.wrong == []


def half_filled(page: Any) -> None:
    page.locator("tr[data-bid] input[type=radio]").nth(0).check()
    page.locator("input[data-most]").nth(0).fill("41")


def send_wrong(page: Any) -> None:
    page.locator("tr[data-bid] input[type=radio]").nth(1).check()
    page.locator("input[data-most]").nth(0).fill("41")
    page.click(".sheet-form button[type=submit]")
    page.wait_for_selector(".error-summary")
    assert page.locator("input[data-most]").nth(0).input_value() == "41"


def to_review(page: Any) -> None:
    for row in page.locator("tr[data-bid]").all():
        row.locator("input[type=radio]").nth(0).check()
        row.locator("input[data-most]").fill("35.5")
    page.click(".sheet-form button[type=submit]")
    page.wait_for_selector("form[data-sign-kind]")
    page.click(".sign-by-hand summary")


def play_on(play: Play) -> None:
    """All declare (who has not) and hand in their sheets."""
    from yiwang.modules.bids import selectors as bids

    opened = [bid for bid in bids.opened(play.tender) if bid.standing == "opened"]
    for number, (seat, each) in enumerate(play._committee()):
        if number:
            evaluations.declare(actor=each.actor, tender=play.number, **each.sign("no-conflict", {"tender": play.number}))
        sheet = play.sheet_of(seat, opened)
        signed = each.sign("score-sheet", evaluations.sheet_statement(play.number, sheet))
        evaluations.submit_sheet(actor=each.actor, tender=play.number, sheet=sheet, **signed)
