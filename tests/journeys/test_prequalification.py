"""资格预审 and the tender that follows: only who passed bids, and nobody else learns who applied before the opening."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys import joint
from tests.journeys.rounds import audited, in_browser, verified
from yiwang.demo import chain
from yiwang.demo.play import Play
from yiwang.kernel.errors import NotVisible, Refused
from yiwang.modules.awards import admission_selectors
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.evidence.disclosure import disclose
from yiwang.modules.tenders import selectors as tenders

FIRMS = ["城东市政工程公司", "江北建设集团", "海门路桥公司", "临港工程公司"]
PASSED, REJECTED = FIRMS[:3], FIRMS[3]


class Reviewed(Play):
    """A review in which one applicant lacks a qualification."""

    def sheet_of(self, seat: Any, opened: list[Any]) -> dict[str, Any]:
        sheet = super().sheet_of(seat, opened)
        for bid in opened:
            if bid.tenderer.name == REJECTED:
                sheet["review"][bid.chain] = {"pass": False, "reason": "没有要求的资质等级"}
        return sheet


def applied(play: Callable[..., Play], until: str, firms: list[str] = FIRMS) -> Play:
    made = play("", procedure="prequalification", ceiling=None, minimum=None, bids=[(firm, None) for firm in firms])
    reviewed = Reviewed(made.cast, made.stage, made.script)
    reviewed.until(until)
    return reviewed


def test_only_who_passed_is_invited_and_both_rounds_verify(play: Callable[..., Play], tmp_path: Path) -> None:
    first = applied(play, "admitted")
    admission = first.tender.admission
    assert {row["name"] for row in admission.admitted} == set(PASSED)
    assert [(row["name"], row["reason"]["zh"].split("；")[0]) for row in admission.others] == [(REJECTED, "没有要求的资质等级")]
    assert {each.act.act for each in disclose(first.number).shown} <= {"tender.publish", "draw.freeze_list", "draw.commit"}
    assert admission_selectors.admission(PUBLIC, first.tender) is None
    assert verified(first.number, tmp_path)["opening"] == "not_applicable"  # nothing but the notice is public yet
    loser = first.cast.tenderer(REJECTED)
    own = admission_selectors.own_outcome(loser.actor, first.tender)
    assert own is not None and own["passed"] is False

    second = chain.following(first, "prequalified_tender", ceiling=100_000_00, joint_bids=True,
                             bids=list(zip(PASSED[:2], (80_000_00, 70_000_00), strict=True)))  # fmt: skip
    second.until("tendering")
    with pytest.raises(NotVisible):
        tenders.tender(PUBLIC, second.number)
    assert not tenders.is_visible(loser.actor, second.number)
    assert tenders.tender(first.cast.tenderer(PASSED[0]).actor, second.number).number == second.number
    with pytest.raises(Refused) as refused:
        second.submit(REJECTED, 60_000_00)
    assert refused.value.reasons[0].article == "招标投标法实施条例 第18条"
    newcomer = second.cast.tenderer("后来加入的公司")
    joint.submit(second, [second.cast.tenderer(PASSED[2]), newcomer], 61_000_00)
    second.until("opened")
    faults = {row["tenderer_name"]: row["fault"]["cause"] for row in second.tender.opening.record["bids"] if row["fault"]}
    assert faults == {PASSED[2]: "joint_changed"}  # 实施条例 第37条: no new member after the prequalification
    assert tenders.tender(PUBLIC, second.number)
    found = admission_selectors.admission(PUBLIC, first.tender)
    assert found is not None and len(found.admitted) == 3

    with pytest.raises(Refused, match="后一轮"):
        chain.HANDS["tender.archive"](first)
    second.until("archived")
    first.until("archived")
    for played in (first, second):
        lines = verified(played.number, tmp_path)
        assert lines["admission" if played is first else "invitation"] == "ok"
        audited(played.number)
    in_browser(tmp_path, first.number, second.number)


def test_fewer_than_three_pass_and_the_prequalification_has_failed(play: Callable[..., Play], tmp_path: Path) -> None:
    played = applied(play, "admitted", FIRMS[1:])
    assert played.tender.state == "failed"
    act = played.tender.acts.get(act="tender.fail")
    assert b"too_few_admitted" in bytes(act.canonical)
