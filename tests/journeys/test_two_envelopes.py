"""双信封: one deadline, the price opened only of who passed the first envelope, by the same committee."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
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
from yiwang.modules.openings import acts as openings
from yiwang.modules.openings import following
from yiwang.modules.openings.jobs import close_due
from yiwang.modules.tenders import acts as tenders
from yiwang.modules.tenders import suspension

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


def test_the_second_envelope_moves_and_fails_with_the_first(envelopes: tuple[Play, Play], tmp_path: Path) -> None:
    first, second = envelopes
    buyer, stage = first.cast.buyer.actor, first.stage
    later = first.tender.deadline + timedelta(days=8)
    tenders.clarify(actor=first.host.actor, tender=second.number, answer="报价清单第 3 项更正", new_deadline=later)
    assert [each.tender.deadline for each in envelopes] == [later, later]  # typed at the second, moved at both
    suspension.suspend(actor=buyer, tender=first.number, kind="force_majeure", reason="台风")
    stage.to(later + timedelta(hours=1))
    with pytest.raises(Refused) as refused:
        openings.close(tender=second.number)
    assert [reason.code for reason in refused.value.reasons] == ["envelopes.deadline"]  # it waits for the one that stands still
    suspension.resume(actor=buyer, tender=first.number, kind="force_majeure", reason="解除")
    assert first.tender.deadline == second.tender.deadline > stage()
    assert [act.act for act in second.tender.acts.filter(act="deadline.follow")] == ["deadline.follow"]
    for firm in FIRMS[:2]:
        first.submit(firm, None)
    second.submit_bids()
    stage.to(first.tender.deadline)
    close_due(stage())
    assert [each.tender.state for each in envelopes] == ["failed", "failed"]
    ended = second.tender.acts.get(act="tender.fail")
    assert ended.role == "system" and len(json.loads(bytes(ended.canonical))["public"]["returned"]["commitments"]) == 4
    assert set(second.tender.bids.values_list("standing", flat=True)) == {"returned"}
    for played in envelopes:
        lines = verified(played.number, tmp_path)
        assert (lines["failure"], lines["clock"]) == ("ok", "ok")
        audited(played.number)
    in_browser(tmp_path, second.number)


def test_the_second_envelope_is_ended_with_the_first(envelopes: tuple[Play, Play], tmp_path: Path) -> None:
    first, second = envelopes
    tenders.terminate(actor=first.cast.buyer.actor, tender=first.number, reason="规划调整")
    assert following.end_due(first.stage()) == 1 and following.end_due(first.stage()) == 0
    ended = second.tender.acts.get(act="tender.terminate")
    assert (second.tender.state, ended.role) == ("terminated", "system")
    assert verified(second.number, tmp_path)["failure"] == "ok"
    audited(second.number)
