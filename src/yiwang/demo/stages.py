"""How each waiting stage of the demo city is reached: the player walks the road, and some people act beyond it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from yiwang.demo.play import Play
from yiwang.demo.scripts import BING, DING, OPENS
from yiwang.modules.contracts import acts as contracts
from yiwang.modules.evidence import files
from yiwang.modules.experts import acts as experts
from yiwang.modules.experts import selectors as expert_reads
from yiwang.modules.openings import acts as openings
from yiwang.modules.remedies import acts as remedies
from yiwang.modules.tenders import acts as tenders

DEMO_EVALUATOR = "wu"


def draft(play: Play) -> None:
    """Entered, nothing more."""
    play.enter()


def draft_keys(play: Play) -> None:
    """Documents and custodians are there; the first custodian's key is missing."""
    play.enter()
    content = files.store([f"{play.script.title}\n采购文件\n".encode()], types=files.TYPES)
    tenders.attach_document(
        actor=play.host.actor, tender=play.number, kind="tender_document", title="采购文件", filename="采购文件.txt", content=content
    )
    everybody = [each.person.username for each in play.cast.custodians]
    openings.appoint_custodians(actor=play.host.actor, tender=play.number, custodians=everybody)
    for each in play.cast.custodians[1:]:
        play.provide_key(each)


def tendering_questions(play: Play) -> None:
    """One question is answered, one waits."""
    play.until("tendering")
    asked = tenders.ask(actor=play.cast.tenderer(DING).actor, tender=play.number, question="设备的交货地点是否包含地下二层？运输通道净高是多少？")
    play.stage.wait(hours=3)
    tenders.clarify(
        actor=play.host.actor, tender=play.number, clarification=asked.pk, answer="包含地下二层，运输通道净高 2.8 米。", affects_bids=False
    )
    play.stage.wait(hours=2)
    tenders.ask(actor=play.cast.tenderer(BING).actor, tender=play.number, question="技术参数第 12 条的检测报告可否由第三方实验室出具？")


def tendering_objection(play: Play) -> None:
    """An objection to the documents waits for its answer; bids have come."""
    play.until("tendering")
    play.submit_bids()
    play.stage.to(OPENS - timedelta(days=2))
    remedies.raise_objection(
        actor=play.cast.tenderer(DING).actor,
        tender=play.number,
        text="招标文件第三章要求投标人近三年具有海堤工程业绩五项，与项目规模不相称，请予修改。",
    )


def tendering_bids(play: Play) -> None:
    """Several firms have handed in sealed bids; 丙 has not yet."""
    play.until("tendering")
    for firm, price in play.script.bids:
        if firm != BING:
            play.submit(firm, price)
            play.stage.wait(minutes=7)


def closed_two_keys(play: Play) -> None:
    """Closed; one key is still missing, so that 己 completes the opening."""
    play.until("closed")
    play.stage.wait(minutes=5)
    play.release_keys(play.cast.custodians[1:3])


def closed_one_key(play: Play) -> None:
    """Closed; one of three keys is out."""
    play.until("closed")
    play.stage.wait(minutes=5)
    play.release_keys(play.cast.custodians[1:2])


def opened_confirmed(play: Play) -> None:
    """The record is confirmed; the center's draw is next."""
    play.until("opened")
    play.confirm()


def evaluating(play: Play) -> None:
    """The committee is seated, the demo evaluator in it; nobody has scored."""
    play.until("evaluating")
    seat_demo_evaluator(play)


def evaluating_others_done(play: Play) -> None:
    """All sheets are in but the demo evaluator's."""
    evaluating(play)
    play.score(without=(DEMO_EVALUATOR,))


def publicity_objection(play: Play) -> None:
    """A tenderer objects to the result; the answer is due."""
    play.until("publicity")
    play.stage.wait(days=1)
    remedies.raise_objection(
        actor=play.cast.tenderer(DING).actor, tender=play.number, text="第一中标候选人的项目经理疑似在其他在建项目任职，请核实。"
    )


def awarded_half_signed(play: Play) -> None:
    """The buyer has signed the contract; the supplier has not."""
    play.until("awarded")
    content = contracts.contract_content(play.tender)
    buyer = play.cast.buyer
    contracts.sign(actor=buyer.actor, tender=play.number, **buyer.sign("contract", content))


def terminated(play: Play) -> None:
    """The buyer ends the tender while bids are taken."""
    play.until("tendering")
    _terminate(play, "因城市更新规划调整，本项目建设内容发生重大变化，终止招标。")


def terminated_closed(play: Play) -> None:
    """The buyer ends the tender before the opening."""
    play.until("closed")
    _terminate(play, "采购预算被收回，终止采购活动；已提交的投标不再开启。")


def _terminate(play: Play, reason: str) -> None:
    play.stage.wait(hours=2)
    tenders.terminate(actor=play.cast.buyer.actor, tender=play.number, reason=reason)


def seat_demo_evaluator(play: Play) -> None:
    """Drawn evaluators step aside, one after the other, until the drawn order reaches the demo evaluator."""
    players = {each.person.pk: each for each in play.cast.experts}
    while True:
        seated = [(seat, players[seat.expert.person_id]) for seat in expert_reads.committee(play.tender)]
        if any(each.person.username == DEMO_EVALUATOR for _, each in seated):
            return
        leaving = next(each for seat, each in seated if seat.discipline == "technical")
        experts.decline(actor=leaving.actor, tender=play.number, reason="出差在外，不能按时到场")
        play.stage.wait(minutes=5)


def _until(state: str) -> Callable[[Play], Any]:
    return lambda play: play.until(state)


STAGES: dict[str, Callable[[Play], Any]] = {
    "draft": draft,
    "draft_keys": draft_keys,
    "tendering": _until("tendering"),
    "tendering_questions": tendering_questions,
    "tendering_objection": tendering_objection,
    "tendering_bids": tendering_bids,
    "closed_two_keys": closed_two_keys,
    "closed_one_key": closed_one_key,
    "opened": _until("opened"),
    "opened_confirmed": opened_confirmed,
    "evaluating": evaluating,
    "evaluating_others_done": evaluating_others_done,
    "evaluated": _until("evaluated"),
    "publicity": _until("publicity"),
    "publicity_objection": publicity_objection,
    "publicity_over": _until("publicity"),
    "awarded": _until("awarded"),
    "awarded_half_signed": awarded_half_signed,
    "contracted": _until("contracted"),
    "archived": _until("archived"),
    "failed": _until("archived"),
    "failed_rejected": _until("archived"),
    "terminated": terminated,
    "terminated_closed": terminated_closed,
}
"""What is played for a stage of :mod:`yiwang.demo.scripts`; those of other methods stand in :mod:`yiwang.demo.methods`."""
