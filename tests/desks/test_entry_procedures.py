"""The entry page offers every procedure; lots, invitees, reservation and documents are asked as the procedure needs them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.desks.conftest import fields_of, text_of
from yiwang.demo.cast import Cast
from yiwang.demo.play import Play, Script, earliest_deadline
from yiwang.kernel import procedures
from yiwang.kernel.errors import BadInput
from yiwang.modules.evidence.actors import SYSTEM
from yiwang.modules.tenders import acts as tenders
from yiwang.modules.tenders import selectors

ENTER = "/desk/tenders/enter/"


def test_every_procedure_is_offered_with_its_article_and_asks_what_it_needs(cast: Cast, desk: Any) -> None:
    buyer = desk(cast.buyer)
    shown = text_of(buyer.get(ENTER))
    for law in procedures.all_procedures():
        assert law.name.zh in shown and law.articles[0] in shown
    kinds = {(law.track, law.invited, law.stage is None): law for law in procedures.all_procedures()}
    for law in kinds.values():
        names = set(fields_of(buyer.get(f"{ENTER}?procedure={law.id}&formula={law.formulas[0].id}")))
        drawn = any(step.act == "invitees.list" for step in law.steps)  # then the prequalification before is one way of several
        assert ("invitees" in names) == (law.invited and law.stage is None and not drawn), law.id
        assert ("stage_of" in names) == (law.stage is not None), law.id
        assert ("reserved_for" in names) == (law.track == "gov_procurement"), law.id
        assert {"bid_bond", "required_documents-zh"} <= names, law.id
        assert ("lots-title" in names) == (law.stage is None or drawn), law.id


def test_lots_are_entered_on_one_page_published_together_and_shown_to_everybody(cast: Cast, stage: Any, desk: Any, client: Any) -> None:
    buyer, url = desk(cast.buyer), f"{ENTER}?procedure=gov_open_tender_goods&formula=gov_lowest_price"
    lots = {"lots-title": ["课桌", "黑板"], "lots-budget": ["500,000", "300,000"], "lots-ceiling": ["480,000", ""], "lots-minimum": ["", ""]}
    typed = {**fields_of(buyer.get(url)), "title": "教学设备", "budget": "800,000", "reserved_for": "small", "required_documents-zh": ["营业执照"],
             "required_documents-en": [""], "required_documents-part": ["qualification"], "lots_most": "3", **lots}  # fmt: skip
    page = buyer.post(url, **typed)
    assert page.status_code == 422 and "1 至 2" in text_of(page) and fields_of(page)["lots-title"][:2] == ["课桌", "黑板"]
    assert not selectors.visible_to(SYSTEM).exists()  # nothing half-done stays
    assert buyer.post(url, **typed | {"lots_most": "1"}).status_code == 302
    one, two = selectors.visible_to(SYSTEM).order_by("id")
    assert (one.number, two.number, one.project.lots_most) == ("YW2026-0001-1", "YW2026-0001-2", 1)
    assert (one.budget, two.budget, one.lots.get().ceiling) == (500_000_00, 300_000_00, 480_000_00)
    assert one.reserved_for == "small" and one.required_documents == [{"code": "d1", "zh": "营业执照", "en": "营业执照", "part": "qualification"}]
    assert client.get("/projects/YW2026-0001/").status_code == 404  # a draft is not public
    for each in (one, two):
        played = Play(cast, stage, Script(each.title, by_agency=False))
        played.number = each.number
        played.prepare()
    deadline = earliest_deadline(one, stage())
    tenders.publish(actor=cast.buyer.actor, tender=one.number, issue_end=deadline, deadline=deadline, whole_project=True)
    shown = client.get("/projects/YW2026-0001/").content.decode()
    assert "课桌" in shown and "黑板" in shown and "YW2026-0001-2" in shown
    assert "/projects/YW2026-0001/" in client.get(f"/tenders/{two.number}/").content.decode()
    supervisor = desk(cast.supervisor)
    assert supervisor.act(one.number, "tender.suspend", reason="核查采购文件").status_code == 302
    assert "核查采购文件" in client.get(f"/tenders/{one.number}/").content.decode()
    assert buyer.get(f"/desk/tenders/{one.number}/tender.resume/").status_code == 409  # not the buyer's to lift
    assert supervisor.act(one.number, "tender.resume", reason="核查完毕").status_code == 302
    assert "核查采购文件" not in client.get(f"/tenders/{one.number}/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"procedure": "open_tender_works", "category": "goods"}, "procedure", "procedure.category"),
        ({"procedure": "gov_open_tender_goods", "category": "goods", "funding": "private"}, "funding", "procedure.funding"),
        ({"bid_bond": 2_000_01}, "bid_bond", "NL-01"),
        ({"invitees": ["91320000000000000X"]}, "invitees", "field.invitees"),
        ({"reserved_for": "friends"}, "reserved_for", "field.reserved_for"),
        ({"required_documents": [{"code": "A B", "zh": "证"}]}, "required_documents.0", "field.required_documents.0"),
        ({"procedure": "invited_tender", "invitees": ["91320000000000000X"]}, "invitees", "ZTB-17"),
        ({"stage_of": "YW2026-0009"}, "stage_of", "field.stage_of"),
        ({"lots_most": 1}, "lots_most", "field.lots_most"),
        ({"project": "YW2026-0009"}, "project", "field.project"),
    ],
)
def test_a_faulty_entry_names_field_rule_and_what_passes(cast: Cast, wrong: dict[str, Any], field: str, code: str) -> None:
    given = {"title": "桥梁", "category": "works", "budget": 100_000_00, **wrong}
    with pytest.raises(BadInput) as error:
        tenders.enter(actor=cast.buyer.actor, **given)
    found = next(reason for reason in error.value.reasons if reason.field == field and reason.code == code)
    assert found.message.zh and found.message.en and found.passes
