"""Separation of evaluation and award (评定分离): where the vote of the award committee stands, and what may be done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel import ballots
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, no, verdict
from yiwang.modules.evaluations.models import AwardMember, AwardVote, Ballot
from yiwang.modules.evidence import drawing
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.registry import condition
from yiwang.modules.tenders.rules import period_over
from yiwang.modules.tenders.selectors import law_of
from yiwang.seal import public_draw

publicity_over = period_over("candidate_publicity.end", "GC-13", "招标投标法实施条例 第54条")

PARTIES = {"buyer": "host", "agency": "host", "center": "center", "supervisor": "supervisor"}
NAMES = {
    "host": Text("招标人", "the buyer"),
    "center": Text("交易中心", "the center"),
    "supervisor": Text("监督部门", "the supervisor"),
}


def applies(tender: Any) -> bool:
    """Whether the tender's procedure separates evaluation and award."""
    return law_of(tender).award == "separate"


def vote_of(tender: Any) -> AwardVote | None:
    """The vote of a tender, once its committee is seated."""
    return AwardVote.objects.filter(tender=tender).first()


def prices_of(tender: Any) -> dict[str, int]:
    """The candidates that the committee recommends: bid -> quote in fen."""
    return {each["bid"]: each["price"] for each in tender.report.content["candidates"]}


def rounds(vote: AwardVote) -> list[list[Ballot]]:
    """Ballots round by round, the running one last."""
    found: dict[int, list[Ballot]] = {}
    for each in Ballot.objects.filter(member__vote=vote).select_related("member__person"):
        found.setdefault(each.round, []).append(each)
    return [found[number] for number in sorted(found)]


def standing(tender: Any, vote: AwardVote) -> ballots.Outcome:
    """What the complete rounds come to."""
    size = vote.members.count()
    complete = [[each.choice for each in one] for one in rounds(vote) if len(one) == size]
    return ballots.outcome(vote.rule, prices_of(tender), complete, vote.drawn.get("order"))


def running(vote: AwardVote) -> tuple[int, list[Ballot]]:
    """Number of the round in which is voted now, and the ballots in it so far."""
    known, size = rounds(vote), vote.members.count()
    if known and len(known[-1]) < size:
        return len(known), known[-1]
    return len(known) + 1, []


def member_of(actor: Actor, vote: AwardVote) -> AwardMember | None:
    """The actor's seat in the award committee."""
    return vote.members.filter(person=actor.person).first() if actor.person is not None else None


def is_separate(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The procedure separates evaluation and award."""
    return verdict(applies(tender), "award.ranked", Text("本项目不实行评定分离", "evaluation and award are not separate here"))


def not_seated(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The award committee is seated once."""
    return verdict(vote_of(tender) is None, "award.seated", Text("定标委员会已经组成", "the award committee is seated already"))


def may_vote(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """A round runs, the member has not voted in it; the head votes after the others (负责人最后发表意见)."""
    vote = vote_of(tender)
    seat = member_of(actor, vote) if vote else None
    if vote is None or seat is None:
        return no("award.unseated", Text("您不是定标委员会成员", "you do not sit in the award committee"))
    if not standing(tender, vote).again:
        return no("award.voted", Text("票决已有结果，或者等待抽签", "the vote has come to a result, or waits for a draw"))
    _, given = running(vote)
    if any(each.member_id == seat.pk for each in given):
        return no("award.balloted", Text("您在本轮已经投票", "you have voted in this round"))
    return verdict(
        seat.number != 1 or len(given) == vote.members.count() - 1,
        "award.head_last",
        Text("负责人最后投票，请等其他成员投完", "the head votes last; wait for the others"),
    )


def lots_due(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Votes left equals whom a draw must part."""
    vote = vote_of(tender)
    return verdict(
        vote is not None and bool(standing(tender, vote).lots), "award.no_lots", Text("没有需要抽签的候选人", "no candidates are to draw lots")
    )


@condition("award.decide")
def vote_decided(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """With 评定分离 the award committee's vote decides; there is no award before."""
    if not applies(tender):
        return YES
    vote = vote_of(tender)
    return verdict(
        vote is not None and standing(tender, vote).winner is not None,
        "award.undecided",
        Text("定标委员会还没有票决出中标人", "the award committee has not voted a winner yet"),
        article="招标投标法 第40条",
    )


def decided_for(tender: Any, bid: str) -> Verdict:
    """Whether the award may go to this bid: with 评定分离 to none but the one that the vote chose."""
    if not applies(tender):
        return YES
    vote = vote_of(tender)
    winner = standing(tender, vote).winner if vote else None
    return verdict(
        winner == bid,
        "award.other",
        Text("中标人应为定标委员会票决出的候选人", "the award goes to whom the award committee voted"),
        field="bid",
        article="招标投标法 第40条",
    )


def process(tender: Any, vote: AwardVote) -> dict[str, Any]:
    """What the draw is about: the order of those whom the votes left equal."""
    return public_draw.process("award", tender.number, list(NAMES), among=standing(tender, vote).lots)


def shares_of(tender: Any) -> dict[str, Any]:
    """What each side has committed and revealed."""
    vote = vote_of(tender)
    found: dict[str, Any] = vote.drawn.get("shares", {}) if vote else {}
    return found


DRAW = drawing.Guards(drawing.AWARD, shares_of, NAMES)
