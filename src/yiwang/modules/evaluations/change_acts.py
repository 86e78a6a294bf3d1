"""Acts upon a bid's price: correct it, price its deviations, vote on either; the tenderer confirms a corrected price."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from yiwang.kernel import corrections, deviations, moment, price_changes
from yiwang.kernel.canonical import digest
from yiwang.kernel.errors import bad
from yiwang.modules.evaluations import changes, report
from yiwang.modules.evaluations.models import PriceChange, PriceVote
from yiwang.modules.evaluations.price_acts import said
from yiwang.modules.evaluations.states import EVALUATION
from yiwang.modules.evidence import door
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.experts import selectors as experts
from yiwang.modules.parties import acts as parties_acts
from yiwang.modules.tenders import services as tenders


def correct(
    *,
    actor: Actor,
    tender: str,
    bid: str,
    figures: dict[str, Any],
    reason: str,
    minutes: int = 0,
    request_key: str | None = None,
) -> PriceChange:
    """A member proposes to correct a price that contradicts itself; the rules of law give the corrected price.

    Args:
        bid: evidence subject of the bid. figures: as the bid has them, in the form of
            :func:`yiwang.kernel.corrections.read_figures`. reason: where in the bid they stand.
        minutes: how long the tenderer may take to confirm once more than half agree; 0: the least that the law file asks.

    Raises:
        BadInput: no such bid, one is proposed already, the figures agree or are unsound, the time is too short or long.
    """
    with door.enter(
        EVALUATION.rows["evaluation.correct_price"], actor, lambda: tenders.locked(tender), request_key=request_key
    ) as passage:
        subject, order = passage.subject, changes.order_of(passage.subject)
        found = _bid(subject, bid, "correction")
        length = minutes or order.minutes
        if not order.minutes <= length <= order.most_minutes:
            raise bad("minutes", f"确认时间应为 {order.minutes} 至 {order.most_minutes} 分钟",
                      f"the time to confirm is {order.minutes} to {order.most_minutes} minutes", article=order.confirm_article)  # fmt: skip
        corrected = corrections.correct(order, found.price, corrections.read_figures(figures))
        content = {"order": order.id, "figures": figures}
        change = _propose(passage, found, "correction", content, reason=reason, minutes=length)
        public = {"corrected": corrected.price, "minutes": length, "quoted": found.price}
        passage.record(public={**_told(change), **public, **content}, tender=subject)
    return change


def quantify(
    *, actor: Actor, tender: str, bid: str, quantities: dict[str, str], reason: str, request_key: str | None = None
) -> PriceChange:
    """A member proposes to price a bid's small deviations by the published standards.

    Args:
        quantities: units of each deviation, decimal text by the standard's key.

    Raises:
        BadInput: no such bid, one is proposed already, a deviation has no published standard or is above its bound.
    """
    with door.enter(
        EVALUATION.rows["evaluation.quantify"], actor, lambda: tenders.locked(tender), request_key=request_key
    ) as passage:
        subject = passage.subject
        found = _bid(subject, bid, "deviation")
        units = {
            key: str(value) for key, value in deviations.read_quantities(subject.formula, quantities, "quantities")
        }
        change = _propose(passage, found, "deviation", units, reason=reason)
        passage.record(public={**_told(change), "quantities": units}, tender=subject)
    return change


def vote(
    *, actor: Actor, tender: str, change: int, agree: bool, reason: str = "", request_key: str | None = None
) -> PriceVote:
    """A member votes on a proposal; when more than half agree to a correction the tenderer's time to confirm begins.

    Args:
        change: number of the proposal in the tender, from 1. reason: needed of who is against it.
    """
    with door.enter(
        EVALUATION.rows["evaluation.vote_price"], actor, lambda: tenders.locked(tender), request_key=request_key
    ) as passage:
        subject, seat = passage.subject, experts.seat_held(actor, passage.subject)
        waiting = {number_of(each): each for each in changes.to_vote(subject, actor)}
        if change not in waiting:
            raise bad("change", "没有这项待您表决的提议", "no such proposal waits for your vote")
        found = waiting[change]
        cast = PriceVote.objects.create(
            change=found, seat=seat, agree=agree, reason=said(reason, "reason", empty=agree), at=passage.now
        )
        fresh = next(each for each in changes.proposals(subject) if each.pk == found.pk)
        taken = price_changes.accepted(changes.row_of(fresh), changes.size_of(subject))
        if taken and fresh.kind == "correction" and fresh.until is None:
            fresh.until = passage.now + timedelta(minutes=fresh.minutes)
            fresh.save()
        until = {"until": moment.stamp(fresh.until)} if taken and fresh.until else {}
        public = {
            "agree": agree,
            "bid": fresh.bid,
            "change": change,
            "reason": cast.reason,
            "seat": seat.number,
            **until,
        }
        passage.record(public=public, tender=subject)
    return cast


def confirm(
    *, actor: Actor, tender: str, confirmed: bool, public: str, signature: str, request_key: str | None = None
) -> PriceChange:
    """The tenderer confirms its corrected price, or refuses: then its bid is invalid. Signed over :func:`confirmation_statement`."""
    with door.enter(
        EVALUATION.rows["evaluation.confirm_price"], actor, lambda: tenders.locked(tender), request_key=request_key
    ) as passage:
        change = changes.asked(passage.subject, actor)
        assert change is not None  # the guard found it
        content = confirmation_statement(passage.subject, change, confirmed=confirmed)
        signed = parties_acts.signature_of(actor, "price-correction", content, public, signature)
        change.confirmed, change.signature, change.answered_at = confirmed, signed, passage.now
        change.save()
        passage.record(
            public={"bid": change.bid, "change": number_of(change), "statement": content, "signature": signed},
            tender=passage.subject,
        )
    return change


def confirmation_statement(tender: Any, change: PriceChange, *, confirmed: bool) -> dict[str, Any]:
    """What a tenderer signs (kind ``price-correction``): both prices in fen, its answer, the digest of rules and figures."""
    quoted = next(bid.price for bid in report.opened(tender) if bid.chain == change.bid)
    return {
        "tender": tender.number,
        "bid": change.bid,
        "quoted": quoted,
        "corrected": price_changes.corrected(change.content, quoted).price,
        "confirmed": confirmed,
        "correction_sha256": digest(change.content),
    }


def number_of(change: PriceChange) -> int:
    """A proposal's number in its tender, from 1."""
    return PriceChange.objects.filter(tender=change.tender_id, pk__lte=change.pk).count()


def _bid(tender: Any, bid: str, kind: str) -> Any:
    found = next((each for each in report.opened(tender) if each.chain == bid and each.price), None)
    if found is None:
        raise bad("bid", "没有这份投标", "there is no such bid")
    size = changes.size_of(tender)
    rows = [row for row in changes.changes(tender).get(bid, []) if row["kind"] == kind]
    if any(not price_changes.dropped(row, size) for row in rows):
        name = price_changes.KINDS[kind]
        raise bad("bid", f"这份投标已经提出过{name.zh}", f"{name.en} is proposed of this bid already")
    return found


def _propose(
    passage: Any, bid: Any, kind: str, content: dict[str, Any], *, reason: str, minutes: int = 0
) -> PriceChange:
    """The row of a proposal; who proposes it votes for it."""
    seat = experts.seat_held(passage.actor, passage.subject)
    change = PriceChange.objects.create(
        tender=passage.subject, bid=bid.chain, tenderer=bid.tenderer, seat=seat, kind=kind, content=content,
        reason=said(reason, "reason"), minutes=minutes, at=passage.now,
    )  # fmt: skip
    PriceVote.objects.create(change=change, seat=seat, agree=True, at=passage.now)
    return change


def _told(change: PriceChange) -> dict[str, Any]:
    return {"bid": change.bid, "change": number_of(change), "reason": change.reason, "seat": change.seat.number}


__all__ = ["confirm", "confirmation_statement", "correct", "number_of", "quantify", "vote"]
