"""Plays what scored methods add: the draw of a coefficient, deductions, the review of a low price, the award committee's vote."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from yiwang.demo.cast import Player, player
from yiwang.demo.play import HANDS, Play, sealed_bid, wait_for_log
from yiwang.kernel import moment
from yiwang.modules.awards import acts as awards
from yiwang.modules.bids import acts as bids
from yiwang.modules.bids import uploads
from yiwang.modules.evaluations import acts as evaluations
from yiwang.modules.evaluations import change_acts, price_acts, separate_acts
from yiwang.modules.evaluations import selectors as evaluation_reads
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.openings import coefficient_acts, coefficient_rules
from yiwang.modules.tenders.selectors import law_of
from yiwang.seal import draw as lottery
from yiwang.seal import public_draw

HEADS = 5
"""Members of the award committee that is played."""

Share = Callable[..., Any]


def drawn_in_public(play: Play, sides: list[Player], commit: Share, reveal: Share) -> None:
    """Each side commits to a share, the log takes it in, each reveals, the center first."""
    sides = sorted(sides, key=lambda side: side is not play.cast.center)
    shares = [secrets.token_bytes(32) for _ in sides]
    for side, share in zip(sides, shares, strict=True):
        commit(actor=side.actor, tender=play.number, commitment=lottery.commitment(share))
    wait_for_log(evidence.acts_of(play.tender).last())
    for side, share in zip(sides, shares, strict=True):
        reveal(actor=side.actor, tender=play.number, share=share.hex())
    play.stage.wait(minutes=5)


def draw_coefficient(play: Play) -> None:
    """Host and center draw the float coefficient (and lots) in the hall."""
    drawn_in_public(play, [play.host, play.cast.center], coefficient_acts.commit, coefficient_acts.reveal)


def submit_claiming(play: Play, firm: str, price: int, claims: dict[str, str]) -> Any:
    """One firm bids and claims policy deductions: code -> statement."""
    who = play.cast.tenderer(firm)
    sealed, content = sealed_bid(play.tender, who, price, {f"deduction.{code}": text for code, text in claims.items()})
    stored = uploads.keep([content], who.actor, play.number)
    return bids.submit(actor=who.actor, tender=play.number, content=stored, manifest_sha256=sealed.manifest_sha256)


def sheet_of(play: Play, seat: Any, opened: list[Any]) -> dict[str, Any]:
    """The plain sheet with what deductions and 评定分离 ask for: every claim is accepted, every bid is spoken of."""
    sheet = play.sheet_of(seat, opened)
    for bid in opened:
        claimed = evaluation_reads.claimed(play.tender, bid)
        if claimed:
            sheet["review"][bid.chain]["deductions"] = list(claimed)
        if law_of(play.tender).award == "separate":
            sheet["review"][bid.chain]["opinion"] = f"{bid.tenderer.name}：方案可行，工期风险可控"
    return sheet


def score(play: Play) -> None:
    """Every evaluator declares and hands in a signed sheet."""
    for seat, each in play._committee():
        declare(play, each)
        sheet = sheet_of(play, seat, evaluation_reads.opened(play.tender))
        content = evaluations.sheet_statement(play.number, sheet)
        evaluations.submit_sheet(actor=each.actor, tender=play.number, sheet=sheet, **each.sign("score-sheet", content))
    play.stage.wait(hours=1)


def declare(play: Play, each: Player) -> None:
    """One evaluator declares to have no conflict."""
    evaluations.declare(actor=each.actor, tender=play.number, **each.sign("no-conflict", {"tender": play.number}))


def review_price(play: Play, bid: str, *, explanation: str, proven: bool) -> None:
    """The committee asks about a low price, the firm explains ('' : it lets the time pass), every member finds."""
    committee = play._committee()
    review = price_acts.ask(actor=committee[0][1].actor, tender=play.number, bid=bid)
    if explanation:
        firm = play.cast.tenderer(review.tenderer.name)
        price_acts.explain(actor=firm.actor, tender=play.number, explanation=explanation)
        play.stage.wait(minutes=1)
    else:
        play.stage.to(review.until)
        play.stage.wait(minutes=1)
    reason = "成本测算与证明材料相符" if proven else "没有提供成本测算，低于行业成本"
    for _, each in committee:
        price_acts.find(actor=each.actor, tender=play.number, bid=bid, proven=proven, reason=reason)


def vote_on(play: Play, change: Any, *, against: int = 0) -> None:
    """Members vote on a proposal until it is taken or dropped: the last ``against`` of them against it, the others for it."""
    committee = play._committee()
    number = change_acts.number_of(change)
    for place, (_, each) in enumerate(committee):
        if change.pk not in {waits.pk for waits in evaluation_reads.to_vote(play.tender, each.actor)}:
            continue
        agree = place < len(committee) - against
        reason = "" if agree else "与投标文件第2页不符"
        change_acts.vote(actor=each.actor, tender=play.number, change=number, agree=agree, reason=reason)


def answer_correction(play: Play, firm: str, *, confirmed: bool) -> None:
    """The firm confirms its corrected price, or refuses, signed."""
    who = play.cast.tenderer(firm)
    change = evaluation_reads.to_confirm(play.tender, who.actor)
    assert change is not None
    content = change_acts.confirmation_statement(play.tender, change, confirmed=confirmed)
    change_acts.confirm(actor=who.actor, tender=play.number, confirmed=confirmed, **who.sign("price-correction", content))


def award_members(play: Play, number: int = HEADS) -> list[Player]:
    """People of the buyer who sit in its award committee, the head first."""
    body = play.cast.buyer.actor.organisation
    return [player(f"ding-{n}", f"定标委员{n}", organisation=body, ring=play.cast.ring) for n in range(1, number + 1)]


def seat_award_committee(play: Play, method: str = "absolute", tie: str = "price", rounds: int = 3) -> None:
    """The buyer seats its award committee."""
    names = [each.person.username for each in award_members(play)]
    separate_acts.seat(actor=play.cast.buyer.actor, tender=play.number, members=names, method=method, tie=tie, rounds=rounds)


def vote_round(play: Play, choices: list[list[str]]) -> None:
    """One round: a ballot of each member, in the members' order; the head, who is the first, votes last."""
    voted = list(zip(award_members(play), choices, strict=True))
    for each, choice in [*voted[1:], voted[0]]:
        number = (evaluation_reads.award_vote(each.actor, play.tender) or {})["running"]
        content = separate_acts.ballot_statement(play.number, number, choice, "综合比较方案、信誉和报价")
        separate_acts.vote(
            actor=each.actor, tender=play.number, choice=choice, reason=content["reason"], **each.sign("award-ballot", content)
        )


def draw_lots(play: Play) -> None:
    """Host, center and supervisor draw lots among those whom the votes left equal."""
    sides = [play.cast.buyer, play.cast.center, play.cast.supervisor]
    drawn_in_public(play, sides, separate_acts.commit_lots, separate_acts.reveal_lots)


def seat(play: Play) -> None:
    """The award committee is seated, if it is not yet: an interrupted play goes on where it was."""
    if standing(play) is None:
        seat_award_committee(play)


def standing(play: Play) -> Any:
    """Where the vote stands; None before there is a committee."""
    found = evaluation_reads.award_vote(play.cast.buyer.actor, play.tender)
    return found["outcome"] if found else None


def vote(play: Play) -> None:
    """All members vote for the cheapest candidate, once the publicity is over; what is decided already stays."""
    if not standing(play).again:
        return
    play.stage.to(moment.from_stamp(play.tender.events["candidate_publicity.end"]))
    cheapest = min(play.tender.report.content["candidates"], key=lambda each: (each["price"], each["bid"]))
    vote_round(play, [[cheapest["bid"]]] * HEADS)


def award(play: Play) -> None:
    """With 评定分离 the buyer decides for whom the vote chose, saying why; else for the first candidate. Then the notice."""
    voted = standing(play)
    if voted is not None and not hasattr(play.tender, "award"):
        awards.decide(actor=play.cast.buyer.actor, tender=play.number, bid=voted.winner, reason="定标委员会票决确定")
    Play.award(play)


def coefficient(play: Play) -> None:
    """Where the documents have something drawn in the hall, it is drawn; what is drawn already stays."""
    if coefficient_rules.wanted(play.tender) and not public_draw.done(play.tender.opening.drawn):
        draw_coefficient(play)


HANDS |= {"coefficient.commit": coefficient, "award.seat": seat, "award.vote": vote, "award.decide": award}
