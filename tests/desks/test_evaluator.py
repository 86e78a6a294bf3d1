"""The evaluator's desk: declare, read the bids, score, sign. What is inside bids is for the committee alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.desks.conftest import text_of
from yiwang.kernel import formula_book
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evaluations import acts as evaluations
from yiwang.modules.experts import selectors as experts


@pytest.fixture
def life(play: Any) -> Any:
    """A tender under evaluation, scored by the comprehensive formula."""
    return play("evaluating", formula=formula_book.template("comprehensive_score").formula())


def evaluator(life: Any, place: int = 0) -> Any:
    return life._committee()[place][1]


def sheet_fields(life: Any, mark: str = "31.5") -> dict[str, str]:
    """A sheet in which every bid passes."""
    found = {}
    for bid in bids.opened(life.tender):
        found[f"pass-{bid.id.hex}"] = "yes"
        found[f"score-{bid.id.hex}-technical"] = mark
    return found


DECLARED = dict.fromkeys(("relative", "authority", "interest", "punished"), "on")


def test_declaration_needs_every_ground_and_names_the_tenderers(life: Any, desk: Any) -> None:
    at, url = desk(evaluator(life)), f"/desk/tenders/{life.number}/evaluation.declare/"
    assert "海天建设有限公司" in text_of(at.get(url))
    assert at.post(url, relative="on").status_code == 422
    assert at.act(life.number, "evaluation.declare", **DECLARED).status_code == 302
    assert hasattr(experts.own_seat(evaluator(life).actor, life.tender), "declaration")


def test_sheet_before_the_declaration_is_refused(life: Any, desk: Any) -> None:
    page = desk(evaluator(life)).get(f"/desk/tenders/{life.number}/evaluation.submit_sheet/")
    assert page.status_code == 409 and "先签署回避声明" in text_of(page)


def test_documents_are_for_declared_evaluators_alone(life: Any, desk: Any, cast: Any) -> None:
    bid = bids.opened(life.tender).first()
    entry = bid.manifest["documents"][0]
    url = f"/desk/tenders/{life.number}/bids/{bid.pk}/documents/{entry['sha256']}/"
    at = desk(evaluator(life))
    assert at.get(url).status_code == 409
    at.act(life.number, "evaluation.declare", **DECLARED)
    page = at.get(url)
    assert page.status_code == 200 and b"price_fen" in b"".join(page.streaming_content)
    assert page["Content-Disposition"].startswith("attachment")
    assert at.get(url.replace(entry["sha256"], "0" * 64)).status_code == 404
    seated = {each.person.pk for _, each in life._committee()}
    outside = next(each for each in cast.experts if each.person.pk not in seated)
    rival = cast.tenderer("宏远市政工程有限公司")
    for each in (cast.buyer, cast.agency, cast.center, cast.supervisor, cast.custodians[0], outside, rival):
        assert desk(each).get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_tender_documents_are_not_served_as_a_bids(life: Any, desk: Any) -> None:
    at = desk(evaluator(life))
    at.act(life.number, "evaluation.declare", **DECLARED)
    bid = bids.opened(life.tender).first()
    other = life.tender.documents.first().sha256
    assert at.get(f"/desk/tenders/{life.number}/bids/{bid.pk}/documents/{other}/").status_code == 404


def test_faulty_sheet_names_each_fault_and_keeps_the_rest(life: Any, desk: Any) -> None:
    at = desk(evaluator(life))
    at.act(life.number, "evaluation.declare", **DECLARED)
    sent = sheet_fields(life)
    first, second, third = (bid.id.hex for bid in bids.opened(life.tender))
    sent[f"pass-{first}"] = "no"
    sent[f"score-{second}-technical"] = "40.001"
    sent[f"score-{third}-technical"] = "NaN"
    page = at.post(f"/desk/tenders/{life.number}/evaluation.submit_sheet/", **sent)
    html = text_of(page)
    assert page.status_code == 422
    assert "否决投标必须写明理由" in html and "实施条例 第51条" in html
    assert "40.001" in html and "缺少得分" in html and 'value="31.5"' in html
    assert not hasattr(experts.own_seat(evaluator(life).actor, life.tender), "sheet")


def test_sheets_stay_closed_until_all_are_in_then_the_report_is_signed(life: Any, desk: Any) -> None:
    desks = [desk(each) for _, each in life._committee()]
    for number, at in enumerate(desks):
        assert at.act(life.number, "evaluation.declare", **DECLARED).status_code == 302
        conclude = at.get(f"/desk/tenders/{life.number}/evaluation.conclude/")
        assert conclude.status_code == 409 and "31." not in text_of(conclude)
        assert at.act(life.number, "evaluation.submit_sheet", **sheet_fields(life, f"31.{number}")).status_code == 302
    shown = text_of(desks[0].get(f"/desk/tenders/{life.number}/evaluation.conclude/"))
    assert "(31.0 + 31.1 + 31.2 + 31.3 + 31.4) ÷ 5 = 31.20" in shown
    assert desks[0].act(life.number, "evaluation.conclude").status_code == 302
    for number, at in enumerate(desks):
        dissent = "报价偏低，宜要求说明。" if number == 2 else ""
        assert at.act(life.number, "evaluation.sign_report", dissent=dissent).status_code == 302
    assert life.tender.state == "evaluated"
    assert [each.dissent for each in life.tender.report.signatures.order_by("seat__number")][2] == "报价偏低，宜要求说明。"
    assert evaluations.report_content(life.tender) == life.tender.report.content


def test_who_steps_aside_is_replaced_by_the_next(life: Any, desk: Any) -> None:
    leaving = evaluator(life)
    assert desk(leaving).act(life.number, "draw.decline", reason="曾在投标人处任职").status_code == 302
    assert leaving.person.pk not in {each.person.pk for _, each in life._committee()}
    assert experts.committee(life.tender).count() == 5
    assert desk(leaving).get(f"/desk/tenders/{life.number}/evaluation.declare/").status_code == 404
