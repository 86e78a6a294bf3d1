"""Corrections of prices and priced deviations: what was proposed, how the committee stands to it, what the tenderer answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel import corrections, moment, price_changes
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, no, verdict
from yiwang.modules.evaluations.models import PriceChange
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.experts import selectors as experts
from yiwang.modules.tenders.selectors import law_of


def order_of(tender: Any) -> corrections.CorrectionOrder:
    """The rules of correction of the tender's procedure."""
    return corrections.order_for(law_of(tender).track)


def row_of(change: PriceChange) -> dict[str, Any]:
    """A proposal as the report states it; votes of members who have left do not count (实施条例 第48条)."""
    return {
        "kind": change.kind,
        "content": change.content,
        "reason": change.reason,
        "seat": change.seat.number,
        "votes": [
            {"seat": vote.seat.number, "agree": vote.agree, "reason": vote.reason}
            for vote in change.votes.all()
            if vote.seat.left_at is None
        ],
        "until": moment.stamp(change.until) if change.until else None,
        "confirmed": change.confirmed,
    }


def proposals(tender: Any) -> list[PriceChange]:
    """All proposals in their order."""
    return list(
        PriceChange.objects.filter(tender=tender).select_related("seat", "tenderer").prefetch_related("votes__seat")
    )


def changes(tender: Any) -> dict[str, list[dict[str, Any]]]:
    """The rows of :mod:`yiwang.kernel.price_changes` by bid."""
    found: dict[str, list[dict[str, Any]]] = {}
    for each in proposals(tender):
        found.setdefault(each.bid, []).append(row_of(each))
    return found


def size_of(tender: Any) -> int:
    """Members of the committee."""
    return int(experts.committee(tender).count())


def quotes(tender: Any, opened: list[Any]) -> dict[str, int]:
    """The prices that count by bid, fen: as opened, or as corrected and confirmed."""
    rows, size = changes(tender), size_of(tender)
    return {bid.chain: _quote(bid.price, rows.get(bid.chain, []), size) for bid in opened if bid.price}


def _quote(price: int, rows: list[dict[str, Any]], size: int) -> int:
    row = price_changes.standing(rows, "correction", size)
    return price if row is None or not row["confirmed"] else price_changes.corrected(row["content"], price).price


def publishes_standards(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Deviations are priced only by standards that the tender document published (评标委员会和评标方法暂行规定 第26条)."""
    return verdict(
        bool(tender.formula.get("deviations")),
        "deviations.none",
        Text("招标文件没有公布偏差的量化标准", "the tender document publishes no standards for pricing deviations"),
        article="评标委员会和评标方法暂行规定 第26条",
    )


def has_price(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """There are prices in this round."""
    return verdict(law_of(tender).priced, "price.none", Text("本轮没有报价", "no prices belong in this round"))


def to_vote(tender: Any, actor: Actor) -> list[PriceChange]:
    """The proposals on which the acting member has still to vote: neither taken nor dropped, without its vote."""
    seat = experts.own_seat(actor, tender)
    if seat is None:
        return []
    size = size_of(tender)
    return [
        each
        for each in proposals(tender)
        if _open(each, size) and all(vote.seat_id != seat.pk for vote in each.votes.all())
    ]


def _open(change: PriceChange, size: int) -> bool:
    row = row_of(change)
    return not price_changes.accepted(row, size) and not price_changes.dropped(row, size)


def has_to_vote(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """There is a proposal on which the acting member has still to vote."""
    return verdict(
        bool(tender.price_changes.all()) and bool(to_vote(tender, actor)),
        "change.nothing",
        Text("没有待您表决的报价修正或偏差量化", "no correction or priced deviation waits for your vote"),
    )


def asked(tender: Any, actor: Actor) -> PriceChange | None:
    """The last correction that the acting firm is asked to confirm, answered or not."""
    if actor.organisation is None:
        return None
    found = PriceChange.objects.filter(
        tender=tender, tenderer=actor.organisation, until__isnull=False, kind="correction"
    )
    return found.order_by("-id").first()


def is_to_confirm(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The acting firm is asked to confirm a corrected price, has not answered, and still may."""
    found = asked(tender, actor)
    if found is None or found.answered_at is not None or found.until is None:
        return no("change.none", Text("没有待贵单位确认的修正报价", "no corrected price waits for your answer"))
    until = f"{found.until.astimezone(moment.LOCAL):%H:%M}"
    return verdict(
        now <= found.until,
        "change.late",
        Text(f"确认的时间已于 {until} 截止", f"the time to confirm ended at {until}"),
        article=order_of(tender).confirm_article,
    )


def all_settled(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """No report while a proposal is voted on, or while a tenderer may still confirm a corrected price."""
    if not tender.price_changes.all():
        return YES
    size = size_of(tender)
    for each in proposals(tender):
        who = each.tenderer.name
        if _open(each, size):
            name = price_changes.KINDS[each.kind]
            return no(
                "change.open", Text(f"{who} 的{name.zh}还没有表决完", f"the vote on the {name.en} of {who} is not over")
            )
        if each.kind == "correction" and each.answered_at is None and each.until is not None and now <= each.until:
            until = f"{each.until.astimezone(moment.LOCAL):%H:%M}"
            return no(
                "change.unanswered",
                Text(
                    f"等待 {who} 确认修正报价，到 {until} 为止", f"{who} may confirm its corrected price until {until}"
                ),
                article=order_of(tender).confirm_article,
                after=each.until,
            )
    return YES
