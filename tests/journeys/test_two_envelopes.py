"""双信封: one deadline, the price opened only of who passed the first envelope, by the same committee."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.rounds import audited, in_browser, verified
from yiwang.demo import chain
from yiwang.demo.play import Play
from yiwang.demo.stage import local
from yiwang.kernel import formula_book
from yiwang.kernel.errors import BadInput, Refused
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evaluations import acts as evaluations
from yiwang.modules.experts import selectors as experts

FIRMS = ["城东市政工程公司", "江北建设集团", "海门路桥公司", "临港工程公司"]
PRICES = (80_000_00, 70_000_00, 90_000_00, 61_000_00)
WEAK = "临港工程公司"
CRITERIA = [{"key": "design", "name": {"zh": "施工组织设计", "en": "Method statement"}, "most": "40", "pass": "24"}]
TECHNICAL = {"id": "pass_fail", "version": 1, "rank_by": "pass", "ties": ["reported"], "criteria": CRITERIA}
JOINT = formula_book.template("comprehensive_score").formula({"criteria": CRITERIA})
"""The price is scored; the method statement counts as it was scored with the first envelope."""


@pytest.fixture
def envelopes(play: Callable[..., Play]) -> tuple[Play, Play]:
    """Both rounds, published with one deadline, all four firms in both."""
    scores = {firm: {"design": "20" if firm == WEAK else "34"} for firm in FIRMS}
    first = play("", procedure="two_envelope_first", ceiling=None, minimum=None, formula=TECHNICAL, scores=scores,
                 bids=[(firm, None) for firm in FIRMS])  # fmt: skip
    first.until("draft")
    second = chain.following(first, "two_envelope_second", ceiling=100_000_00, minimum=60_000_00, formula=JOINT, scores=scores,
                             bids=list(zip(FIRMS, PRICES, strict=True))).until("draft")  # fmt: skip
    for played in (first, second):
        played.script.deadline = local(date(2026, 3, 30), 9, 30)
        played.until("tendering")
    return first, second


def test_prices_of_those_who_passed_alone_are_opened(envelopes: tuple[Play, Play], tmp_path: Path) -> None:
    first, second = envelopes
    for played in envelopes:
        played.submit_bids()
    for played in envelopes:
        played.close()
    with pytest.raises(Refused) as refused:
        second.open_bids()
    assert refused.value.reasons[0].code == "admission.missing"
    first.until("admitted")
    assert {row["name"] for row in first.tender.admission.admitted} == set(FIRMS) - {WEAK}
    went = first.tender.draw.seats.select_related("expert").order_by("number").first().expert
    went.employer = second.cast.tenderer(FIRMS[0]).actor.organisation.uscc  # takes a post at a tenderer's between the rounds
    went.save()
    second.until("evaluating")
    record: dict[str, Any] = second.tender.opening.record
    assert [row["tenderer_name"] for row in record["returned"]] == [WEAK]
    assert {row["tenderer_name"] for row in record["bids"]} == set(FIRMS) - {WEAK}
    assert second.cast.tenderer(WEAK).actor.organisation.uscc not in {row["tenderer"] for row in record["bids"]}
    before, after = ({seat.expert_id for seat in experts.committee(each.tender)} for each in envelopes)
    assert before - after == {went.pk} and len(after) == len(before) == 5  # the next of the earlier order took the seat
    opened = list(bids.opened(second.tender))
    seat, evaluator = next((seat, each) for seat, each in second._committee() if seat.expert_id in before)
    sheet = second.sheet_of(seat, opened)
    sheet["scores"][opened[0].chain]["design"] = "40"
    evaluations.declare(actor=evaluator.actor, tender=second.number, **evaluator.sign("no-conflict", {"tender": second.number}))
    with pytest.raises(BadInput) as changed:
        signed = evaluator.sign("score-sheet", evaluations.sheet_statement(second.number, sheet))
        evaluations.submit_sheet(actor=evaluator.actor, tender=second.number, sheet=sheet, **signed)
    assert str(changed.value.reasons[0].passes) == "34"
    second.score(without=tuple(each.person.username for _, each in second._committee() if each is evaluator))
    sheet = second.sheet_of(seat, opened)
    signed = evaluator.sign("score-sheet", evaluations.sheet_statement(second.number, sheet))
    evaluations.submit_sheet(actor=evaluator.actor, tender=second.number, sheet=sheet, **signed)
    second.report()
    second.until("archived")
    first.until("archived")
    assert second.tender.award.tenderer.name != WEAK  # the weak one's lower price was never seen
    assert verified(first.number, tmp_path)["admission"] == "ok"
    lines = verified(second.number, tmp_path)
    assert (lines["admission"], lines["draw"], lines["committee"]) == ("ok", "ok", "ok")
    in_browser(tmp_path, first.number, second.number)
    for played in envelopes:
        audited(played.number)


def test_both_envelopes_have_one_deadline(play: Callable[..., Play]) -> None:
    first = play("tendering", procedure="two_envelope_first", ceiling=None, minimum=None, bids=[])
    second = chain.following(first, "two_envelope_second", ceiling=100_000_00)
    with pytest.raises(Refused) as refused:
        second.until("tendering")
    assert [reason.code for reason in refused.value.reasons] == ["envelopes.deadline"]
