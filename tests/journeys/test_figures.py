"""The center's figures against a hand count on seeded tenders, and the catalogue of items walked through."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from yiwang.demo.play import ENDS, Play, Script, steps_of
from yiwang.demo.stage import local
from yiwang.desks.buyer.review_record import RecordForm, make_form
from yiwang.kernel import moment
from yiwang.kernel.items import Item, catalogue
from yiwang.modules.evidence import registry
from yiwang.modules.openings import acts as openings
from yiwang.modules.openings import hall_acts
from yiwang.modules.reports import coverage, cycle, delays, deviations, savings
from yiwang.modules.tenders import acts as tenders

FIRMS = [("甲建设有限公司", 80_000_00), ("乙建设有限公司", 70_000_00), ("丙建设有限公司", 90_000_00)]


@pytest.fixture(autouse=True)
def site(routes: None, settings: Any) -> None:
    """The pages too, not the API alone."""
    settings.ROOT_URLCONF = "yiwang.site.urls"


def browser(player: Any) -> Client:
    client = Client()
    client.force_login(player.person)
    return client


def script(title: str, ceiling: int, bids: int, **more: Any) -> Script:
    return Script(title=title, ceiling=ceiling, budget=ceiling + 10_000_00, minimum=60_000_00, bids=FIRMS[:bids], **more)


def seeded(cast: Any, stage: Any) -> list[Play]:
    """Two public tenders with a contract, one state-owned one that is opened late, one that still takes bids."""
    whole = [lived(cast, stage), Play(cast, stage, script("政府投资项目2", 140_000_00, 3)).until("contracted")]
    late = Play(cast, stage, script("国企项目", 100_000_00, 3, more={"funding": "state", "bid_bond": 1_000_00})).until("tendering")
    deadline = late.tender.deadline
    tenders.clarify(actor=late.host.actor, tender=late.number, answer="补充图纸", new_deadline=deadline + timedelta(days=3))
    late.until("closed")
    hall_acts.incident(actor=late.host.actor, tender=late.number, who="主持人", cause="network", minutes=12, text="网络中断")
    late.until("opened")
    return [*whole, late, Play(cast, stage, script("还在招标的项目", 100_000_00, 2)).until("tendering")]


@pytest.mark.promise("S001", "S014", "S031", "S047", "S053", "S070", "S072", "S073", "S108", "S110")
def test_every_item_is_done_online_and_every_figure_equals_a_hand_count(cast: Any, stage: Any, program: Any) -> None:
    played = seeded(cast, stage)
    whole, late, open_ = played[:2], played[2], played[3]
    # S072, S073: 2 % of the ceiling each, three bids each; the tender with a bond and the one that takes bids do not count
    released = (120_000_00 * 2 // 100 + 140_000_00 * 2 // 100) * 3
    assert sum(row.released for row in savings.saved()) == released == 1_560_000
    assert sum(row.fees for row in savings.saved()) == released // 100 == 15_600
    # S070: on in the public projects, off where a bond is asked; free documents everywhere, by bids opened
    assert {each.policy.key: (each.on, each.benefit) for each in savings.applied(whole[0].tender)} == {
        "no_bond": (True, 720_000), "no_guarantee_fee": (True, 7_200), "small_deduction": (False, None),
        "reserved": (False, None), "free_documents": (True, 150_000),
    }  # fmt: skip
    assert [each.on for each in savings.applied(late.tender)] == [False, False, False, False, True]
    assert savings.applied(open_.tender)[0].benefit is None  # how many bid is secret
    # S001
    days = [days_of(each) for each in whole]
    (row,) = cycle.cycles()
    assert (row.track, row.count, row.before) == ("construction", 2, None)
    assert row.days == rounded(median([sum(each) for each in days]))
    assert list(row.steps.values()) == [rounded(median(column)) for column in zip(*days, strict=True)]
    # S031
    found = {each.cause.key: (each.times, each.length) for each in delays.by_cause() if each.times}
    assert found == {"clarification": (1, timedelta(days=3)), "hall.network": (1, timedelta(minutes=12))}
    assert delays.by_cause()[0].cause.whose == "center" and not delays.by_cause()[0].times
    # S047
    sums = {key: (sum(r.used for r in rows), sum(r.of for r in rows)) for key, rows in by_feature().items()}
    assert sums == {"online": (3, 3), "hall": (0, 3), "drawn": (2, 2), "signed": (2, 2)}
    # S108: whatever a step of the procedure makes is an act, but for what no act makes
    (share,) = coverage.paperless()
    assert (share.tenders, share.percent) == (2, coverage.share(share.electronic, share.documents)) and share.percent >= 90
    # S110
    assert {each.kind for each in deviations.deviations()} <= {"late"}
    without = deviations._of(whole[0].tender, [])
    assert {each.kind for each in without if each.kind != "late"} == {"missing"}
    pages(cast, program, released, whole[0])


def pages(cast: Any, program: Any, released: int, one: Play) -> None:
    """The same figures on the pages and in the API."""
    page = Client().get("/figures/").content.decode()
    assert "15,600.00" in page and "解除占用" in page and "2%" in page and "平台原因 0 日 0 时 0 分" in page
    assert "取消投标保证金" in Client().get(f"/tenders/{one.number}/").content.decode()
    assert browser(cast.center).get("/desk/figures/").status_code == 200
    assert browser(cast.buyer).get("/desk/figures/").status_code == 404
    told = program(None).get("/figures")
    assert sum(row["released"] for row in told["savings"]) == released


def days_of(played: Play) -> list[Decimal]:
    """Days of each step, from the tender's own moments."""
    events = played.tender.events
    names = ("tender.entered", "notice.published", "bid.closed", "evaluation_report.received", "award_notice.sent", "contract.signed")
    at = [moment.from_stamp(events[name]) for name in names]
    return [Decimal((b - a).total_seconds()) / 86400 for a, b in pairwise(at)]


def rounded(days: Decimal) -> Decimal:
    return Decimal(f"{days + Decimal('0.00000001'):.1f}")


def by_feature() -> dict[str, list[coverage.Coverage]]:
    """Rows of works by feature."""
    found: dict[str, list[coverage.Coverage]] = {}
    for row in coverage.coverage():
        if row.category == "works":
            found.setdefault(row.feature.key, []).append(row)
    return found


def lived(cast: Any, stage: Any) -> Play:
    """A whole life, during which every item of the catalogue is found done on its page."""
    found = catalogue()
    page = Client().get("/items/").content.decode()
    assert found.published.isoformat() in page and f"第 {found.version} 版" in page
    assert all(each.name.zh in page and each.article in page for each in found.items)
    people = {"buyer": cast.buyer, "host": cast.agency, "manager": cast.buyer, "center": cast.center,
              "supervisor": cast.supervisor, "person": cast.buyer, "tenderer": cast.tenderer(FIRMS[0][0])}  # fmt: skip
    done = {each.key for each in found.items if each.page and not each.on_tender and walked(each, people)}
    played = Play(cast, stage, script("政府投资项目1", 120_000_00, 3))
    for step in _steps(played):
        for each in found.items:
            if each.key not in done and played.number and possible(each, played, people):
                done.add(each.key)
        step(played)
        played._held = None
    assert done == {each.key for each in found.items}
    return played


def _steps(played: Play) -> Iterator[Callable[[Play], object]]:
    """The steps of a whole life; where one does several acts at once, apart."""
    while (state := played.tender.state if played.number else "") not in ENDS:
        apart: dict[str, list[Callable[[Play], object]]] = {"": [Play.enter], "closed": [_release, _open], "publicity": [_wait, Play.award]}
        for step in apart.get(state) or steps_of(played.tender):
            yield step
            if (played.tender.state if played.number else "") != state:
                break


def _release(played: Play) -> None:
    played.stage.to(played.tender.bytes_until)
    played.release_keys(played.custodians[: played.tender.custody_threshold])


def _open(played: Play) -> None:
    openings.open_bids(actor=played.host.actor, tender=played.number)


def _wait(played: Play) -> None:
    played.stage.to(moment.from_stamp(played.tender.events["candidate_publicity.end"]))


def walked(item: Item, people: dict[str, Any]) -> bool:
    """The page answers whoever does the item."""
    client = Client() if item.who == "public" else browser(people[item.who])
    answer = client.get(reverse(item.page))
    assert answer.status_code == 200, item.key
    return True


def possible(item: Item, played: Play, people: dict[str, Any]) -> bool:
    """The act's page offers its form to somebody whose role does it."""
    experts = [each for _, each in played._committee()] if item.who == "evaluator" and played.tender.state == "evaluating" else []
    if item.on_tender:
        return bool(browser(people[item.who]).get(reverse(item.page, args=[played.number])).status_code == 200)
    if played.tender.state not in registry.row_of(item.act).sources:
        return False
    who = [*experts, *([people[item.who]] if item.who in people else [])]
    pages = [browser(each).get(reverse("desk:act", args=[played.number, item.act])) for each in who]
    return any(each.status_code == 200 and "<form" in each.content.decode() for each in pages)


@pytest.mark.promise("S107")
def test_no_provider_is_chosen_in_advance(cast: Any, stage: Any) -> None:
    """Agency, bank, guarantor, insurer: whoever is picked, is picked by the user. Fields that name an organisation start empty."""
    page = browser(cast.buyer).get("/desk/tenders/enter/?procedure=open_tender_works&formula=lowest_price_within_bounds")
    form = page.context["form"]
    providers = [name for name, field in form.fields.items() if names_organisations(field, cast)]
    assert "counterpart" in providers
    for name in providers:
        assert not form[name].value(), name
        assert form.fields[name].choices[0][0] == "", name
    assert re.search(r'<option value="" selected|<option value="">', str(form["counterpart"]))
    played = Play(cast, stage, script("审查表项目", 100_000_00, 3))
    played.enter()
    review = make_form(actor=cast.buyer.actor, tender=played.tender)
    assert isinstance(review, RecordForm) and not any(review[name].value() for name in review.fields)
    assert local(date(2026, 3, 2), 9) <= stage()


def names_organisations(field: Any, cast: Any) -> bool:
    """Whether a field offers organisations to choose from."""
    codes = {str(value) for value, _ in getattr(field, "choices", ()) if value}
    return bool(codes & {each.actor.organisation.uscc for each in (cast.buyer, cast.agency, cast.center)})
