"""竞争性谈判 and 竞争性磋商 from the notice to the archive: separate talks, changes told to all, final quotes, verified dossiers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.rounds import audited, verified
from yiwang.demo import talks
from yiwang.demo.play import Play
from yiwang.kernel.errors import BadInput, NotVisible, Refused
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.evidence.disclosure import disclose
from yiwang.modules.evidence.findings import Scope
from yiwang.modules.negotiations import acts, audit, selectors
from yiwang.modules.tenders import rounds
from yiwang.modules.tenders import selectors as tenders

FIRMS = ["城东市政工程公司", "江北建设集团", "临港工程公司", "海门路桥公司"]
GROUP = {"technical": 2, "economic": 1}
PASS = {"id": "pass_fail", "version": 1, "rank_by": "pass", "ties": ["reported"]}
SCORED = {
    "id": "gov_comprehensive_score", "version": 1, "rank_by": "score",
    "price": {"stacking": "multiplicative", "score": {"method": "ratio", "weight": "20"}},
    "criteria": [{"key": "quality", "name": {"zh": "服务方案", "en": "Service"}, "most": "80"}], "total": "100",
    "ties": ["lower_price", "reported"], "rounding": {"places": 2, "mode": "half_up", "rank_by": "exact"},
}  # fmt: skip


class Judged(Play):
    """One response does not meet the needs."""

    rejected = FIRMS[3]

    def sheet_of(self, seat: Any, opened: list[Any]) -> dict[str, Any]:
        sheet = super().sheet_of(seat, opened)
        for bid in opened:
            if bid.tenderer.name == self.rejected:
                sheet["review"][bid.chain] = {"pass": False, "reason": "不能满足接口要求"}
        return sheet


def begun(play: Callable[..., Play], procedure: str, category: str, firms: list[str], until: str) -> Play:
    made = play("", procedure=procedure, category=category, ceiling=None, minimum=None, seats=GROUP, formula=PASS,
                bids=[(firm, 90_000_00 + place) for place, firm in enumerate(firms)])  # fmt: skip
    played = Judged(made.cast, made.stage, made.script)
    played.until(until)
    return played


def test_a_negotiation_talks_with_each_tells_all_and_takes_the_lowest_final_quote(play: Callable[..., Play], tmp_path: Path) -> None:
    first = begun(play, "gov_negotiation", "goods", FIRMS, "evaluating")
    assert rounds.names_secret(first.tender)
    assert {each.act.act for each in disclose(first.number).shown} <= {"tender.publish", "draw.freeze_list", "draw.commit"}
    writer = first._committee()[0][1].actor
    group = [seat.number for seat, _ in first._committee()]
    responses = selectors.suppliers(first.tender)
    with pytest.raises(Refused, match=r"declaration|回避声明"):
        acts.talk(actor=writer, tender=first.number, bid=responses[0].chain, record="技术要求", present=group)
    talks.declare(first)
    with pytest.raises(Refused, match=r"全体|all members"):
        acts.talk(actor=writer, tender=first.number, bid=responses[0].chain, record="技术要求", present=group[:2])
    secret = f"只与{responses[0].tenderer.name}谈到的内容"
    talks.talk(first, responses[0].chain, secret)
    own, other = (first.cast.tenderer(bid.tenderer.name).actor for bid in responses[:2])
    assert [each.record for each in selectors.talks(own, first.tender)] == [secret]
    assert not selectors.talks(other, first.tender)
    assert not selectors.talks(PUBLIC, first.tender)

    with pytest.raises(Refused, match=r"不得变动|may not be changed"):
        acts.change(actor=writer, tender=first.number, kind="price", text="提高预算", confirmed=True)
    with pytest.raises(Refused, match=r"采购人代表|representative"):
        acts.change(actor=writer, tender=first.number, kind="technical", text="接口改为国家标准", confirmed=False)
    told = acts.change(actor=writer, tender=first.number, kind="technical", text="接口改为国家标准", confirmed=True)
    assert told.to == sorted(bid.tenderer.uscc for bid in responses)
    assert [each.text for each in selectors.changes(other, first.tender)] == ["接口改为国家标准"]
    assert not selectors.changes(PUBLIC, first.tender)
    with pytest.raises(Refused, match=r"还没有与|not talked with yet"):
        acts.close(actor=writer, tender=first.number, quote_hours=48)
    with pytest.raises(Refused, match=r"谈判还没有结束|talks are not over"):
        first.score()

    first.until("admitted")
    assert [row["name"] for row in first.tender.admission.others] == [FIRMS[3]]
    second = talks.following(first, "gov_negotiation_final", ceiling=100_000_00, seats=GROUP,
                             bids=list(zip(FIRMS[:3], (80_000_00, 70_000_00, 85_000_00), strict=True)))  # fmt: skip
    final_to_archive(first, second, FIRMS[1], tmp_path)
    rejected = first.cast.tenderer(FIRMS[3]).actor
    assert tenders.tender(rejected, second.number)  # the result is public, to the one that was turned down, too


def final_to_archive(first: Play, second: Play, winner: str, tmp_path: Path) -> None:
    second.until("draft")
    second.prepare()
    second.script.deadline = second.stage() + timedelta(hours=talks.QUOTE_HOURS - 1)
    with pytest.raises(Refused, match=r"48 小时|48 hours"):
        talks.invite(second)
    second.script.deadline = None
    second.until("tendering")
    with pytest.raises(NotVisible):
        tenders.tender(PUBLIC, second.number)
    second.until("evaluated")
    assert rounds.names_secret(second.tender)
    assert not [each for each in disclose(second.number).shown if each.act.act == "opening.open"]
    with pytest.raises(Refused):
        talks.HANDS["tender.archive"](first)
    second.until("archived")
    assert second.tender.award.tenderer.name == winner
    assert not rounds.names_secret(first.tender)
    first.until("archived")
    for played in (first, second):
        lines = verified(played.number, tmp_path)
        audited(played.number)
        assert list(audit.findings(Scope(frozenset({played.number})))) == []
        assert lines["talks"] == ("ok" if played is first else "not_applicable")
    assert {bid.tenderer.uscc for bid in second.tender.bids.all()} <= set(second.tender.invitees)


def test_a_consultation_on_services_goes_on_with_two_and_scores_the_price_at_twenty(play: Callable[..., Play], tmp_path: Path) -> None:
    first = begun(play, "gov_consultation_services", "services", FIRMS[1:4], "admitted")
    assert len(first.tender.admission.admitted) == 2
    heavy = {**SCORED, "price": {"score": {"method": "ratio", "weight": "40"}},
             "criteria": [{**SCORED["criteria"][0], "most": "60"}]}  # fmt: skip
    scores = {FIRMS[1]: {"quality": "70"}, FIRMS[2]: {"quality": "78"}}
    quotes: dict[str, Any] = {"ceiling": 100_000_00, "seats": GROUP, "bids": [(FIRMS[1], 70_000_00), (FIRMS[2], 75_000_00)]}
    with pytest.raises(BadInput, match="10"):
        talks.following(first, "gov_consultation_services_final", formula=heavy, **quotes).enter()
    second = talks.following(first, "gov_consultation_services_final", formula=SCORED, scores=scores, **quotes)
    final_to_archive(first, second, FIRMS[2], tmp_path)


def test_a_consultation_on_goods_and_a_negotiation_with_two_go_to_the_archive(play: Callable[..., Play], tmp_path: Path) -> None:
    first = begun(play, "gov_consultation", "goods", FIRMS, "admitted")
    formula = {**SCORED, "price": {**SCORED["price"], "score": {"method": "ratio", "weight": "40"}},
               "criteria": [{**SCORED["criteria"][0], "most": "60"}]}  # fmt: skip
    quotes = [(FIRMS[0], 80_000_00), (FIRMS[1], 70_000_00), (FIRMS[2], 75_000_00)]
    second = talks.following(first, "gov_consultation_final", ceiling=100_000_00, seats=GROUP, formula=formula, bids=quotes,
                             scores={firm: {"quality": "50"} for firm in FIRMS[:3]})  # fmt: skip
    final_to_archive(first, second, FIRMS[1], tmp_path)
    two = begun(play, "gov_negotiation_two", "goods", FIRMS[:2], "admitted")
    last = talks.following(two, "gov_negotiation_two_final", ceiling=100_000_00, seats=GROUP, bids=quotes[:2])
    final_to_archive(two, last, FIRMS[1], tmp_path)


def test_with_fewer_than_three_the_negotiation_has_failed(play: Callable[..., Play]) -> None:
    played = begun(play, "gov_negotiation", "goods", FIRMS[1:4], "admitted")
    assert played.tender.state == "failed"
    assert b"too_few_admitted" in bytes(played.tender.acts.get(act="tender.fail").canonical)
