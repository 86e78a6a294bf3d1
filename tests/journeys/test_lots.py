"""A project of three lots: entered and published together, one fails, nobody wins more than one; each dossier verifies."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.rounds import audited, verified
from yiwang.demo.cast import Cast
from yiwang.demo.play import Play, Script, earliest_deadline
from yiwang.demo.stage import Stage
from yiwang.kernel import moment
from yiwang.kernel.errors import BadInput, Refused
from yiwang.modules.awards import acts as awards
from yiwang.modules.awards import selectors as award_reads
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.openings import acts as openings
from yiwang.modules.tenders import acts as tenders
from yiwang.modules.tenders import selectors, suspension
from yiwang.modules.tenders.suspension_rules import stands_still

FIRST, SECOND, THIRD = "江北建设集团", "城东市政工程公司", "临港工程公司"
LOT = {"budget": 110_000_00, "ceiling": 100_000_00, "minimum": 60_000_00}
BIDS = [(FIRST, 70_000_00), (SECOND, 80_000_00), (THIRD, 90_000_00)]


def entered(cast: Cast, stage: Stage) -> list[Play]:
    """A play for each of the three lots, entered together."""
    lots = [{**LOT, "title": f"道路工程 {n} 标段"} for n in (1, 2, 3)]
    first = Play(cast, stage, Script("城区道路工程", budget=1, bids=BIDS, more={"lots": lots, "lots_most": 1}))
    with moment.clock_at(stage):
        first.enter()
    project = first.tender.project
    plays = [first]
    for lot in list(selectors.lots_of(cast.buyer.actor, project))[1:]:
        plays.append(Play(cast, stage, Script(lot.title, bids=BIDS[:2] if lot.number.endswith("-2") else BIDS)))
        plays[-1].number = lot.number
    for each in plays:
        each.prepare()
    return plays


def publish_together(plays: list[Play], stage: Stage) -> None:
    """All lots of the project with one notice each, at once."""
    first = plays[0]
    deadline = earliest_deadline(first.tender, stage())
    tenders.publish(
        actor=first.host.actor, tender=first.number, issue_end=stage() + timedelta(days=8), deadline=deadline, whole_project=True
    )
    stage.wait(days=2)


def retendered(failed: Play, stage: Stage) -> Play:
    """The failed second lot, held again as the fourth lot of its project."""
    more = {"retender_of": failed.number}
    again = Play(failed.cast, stage, Script(failed.script.title, bids=BIDS, budget=LOT["budget"], ceiling=LOT["ceiling"],
                                            minimum=LOT["minimum"], more=more)).until("tendering")  # fmt: skip
    assert again.tender.project == failed.tender.project and again.number == f"{again.tender.project.number}-4"
    assert again.tender.retender_of.number == failed.number
    return again


def refused(error: Any) -> list[str]:
    """The codes of a refusal."""
    return [reason.code for reason in error.value.reasons]


def test_three_lots_one_fails_and_the_winner_of_one_is_passed_over_in_the_next(cast: Cast, stage: Stage, tmp_path: Path) -> None:
    one, _, three = plays = entered(cast, stage)
    assert [each.number for each in plays] == [f"{one.tender.project.number}-{n}" for n in (1, 2, 3)]
    publish_together(plays, stage)
    for each in plays:
        each.submit_bids()
    for each in plays:
        each.close()
    assert [each.tender.state for each in plays] == ["closed", "failed", "closed"]  # two bids are too few in lot 2
    for each in (one, three):
        each.until("publicity")
    buyer = cast.buyer.actor
    stage.to(moment.from_stamp(three.tender.events["candidate_publicity.end"]))
    first = three.tender.publicity.candidates[0]["bid"]
    with pytest.raises(Refused) as error:
        awards.decide(actor=buyer, tender=three.number, bid=first)
    assert refused(error) == ["lots.order"]
    again = retendered(plays[1], stage)
    one.until("awarded")
    assert one.tender.award.tenderer.name == FIRST
    with pytest.raises(Refused) as error:
        awards.decide(actor=buyer, tender=three.number, bid=first, reason="第一名报价最低")
    assert refused(error) == ["lots.most"]
    assert award_reads.due(three.tender)["name"] == SECOND
    three.until("archived")
    one.until("archived")
    assert (three.tender.award.tenderer.name, three.tender.award.rank, three.tender.award.reason) == (SECOND, 2, "")
    again.until("awarded")  # 江北 and 城东 have won their one lot: of the retender's candidates the third is due
    assert (again.tender.award.tenderer.name, again.tender.award.rank, again.tender.award.reason) == (THIRD, 3, "")
    for each in (*plays, again):
        assert verified(each.number, tmp_path)["lots"] == "ok" or each is plays[1]
        audited(each.number)
    numbers = [each.number for each in (*plays, again)]
    assert list(selectors.lots_of(PUBLIC, one.tender.project).values_list("number", flat=True)) == numbers


def test_a_lot_that_is_not_ready_holds_up_the_notice_of_all(cast: Cast, stage: Stage) -> None:
    lots = [{**LOT, "title": f"标段 {n}"} for n in (1, 2)]
    with pytest.raises(BadInput) as error:
        Play(cast, stage, Script("道路", budget=1, more={"lots": [lots[0], {**lots[1], "budget": 0}]})).enter()
    assert [reason.field for reason in error.value.reasons] == ["lots.1.budget"]
    played = Play(cast, stage, Script("道路", budget=1, more={"lots": lots}))
    played.enter()
    played.prepare()
    with pytest.raises(Refused) as error:
        publish_together([played], stage)
    assert "ZTB-19" in refused(error) and error.value.reasons[0].message.zh.startswith(f"{played.tender.project.number}-2")
    assert {each.state for each in selectors.lots_of(cast.buyer.actor, played.tender.project)} == {"draft"}


def test_a_suspended_tender_stands_still_and_its_deadline_moves(cast: Cast, stage: Stage, tmp_path: Path) -> None:
    played = Play(cast, stage, Script("桥梁加固", budget=110_000_00, ceiling=100_000_00, minimum=60_000_00, bids=BIDS)).until("tendering")
    buyer, supervisor, before = cast.buyer.actor, cast.supervisor.actor, played.tender.deadline
    with pytest.raises(BadInput) as error:
        suspension.suspend(actor=buyer, tender=played.number, kind="order", reason="台风")
    assert refused(error) == ["suspension.kind"]
    suspension.suspend(actor=buyer, tender=played.number, kind="force_majeure", reason="台风红色预警")
    played.submit_bids()  # bids are not cut off
    stage.to(before + timedelta(hours=1))
    assert stands_still(played.tender, stage())
    with pytest.raises(Refused) as error:
        openings.close(tender=played.number)
    assert refused(error) == ["suspended"]
    resumed = suspension.resume(actor=buyer, tender=played.number, kind="force_majeure", reason="预警解除")
    assert resumed.deadline > stage() and resumed.deadline.timetz() == before.astimezone(resumed.deadline.tzinfo).timetz()
    played.close()
    played.until("evaluating")
    suspension.suspend(actor=supervisor, tender=played.number, kind="order", reason="核查评委资格", article="招标投标法实施条例 第61条")
    with pytest.raises(Refused) as error:
        played.score()
    assert refused(error) == ["suspended"]
    with pytest.raises(Refused) as error:
        suspension.resume(actor=buyer, tender=played.number, kind="order", reason="请恢复")
    assert refused(error) == ["suspension.kind"]
    stage.wait(days=1)
    suspension.resume(actor=supervisor, tender=played.number, kind="order", reason="核查完毕")
    played.until("archived")
    verified(played.number, tmp_path)
    audited(played.number)
