"""Reads of evaluations. A sheet is its author's alone until the report is made; all are public with the candidates."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from yiwang.kernel import moment
from yiwang.kernel.errors import NotVisible, Refused
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evaluations import carried, changes, rules, separate_rules
from yiwang.modules.evaluations.models import PriceChange, PriceReview, Report, Sheet
from yiwang.modules.evaluations.prices import asked, to_find, triggers
from yiwang.modules.evaluations.report import claimed, opened
from yiwang.modules.evidence.actors import Actor, has_role
from yiwang.modules.experts import selectors as experts
from yiwang.modules.tenders.rounds import names_secret

__all__ = [
    "asked", "award_vote", "bid_documents", "claimed", "correction_order", "decided_for", "opened", "own_sheet", "price_changes", "price_reviews",
    "quotes", "report",
    "sheets", "to_confirm", "to_find", "to_vote", "triggers",
]  # fmt: skip

decided_for = separate_rules.decided_for
correction_order = changes.order_of
to_vote = changes.to_vote
to_confirm = changes.asked


def quotes(tender: Any) -> dict[str, int]:
    """The prices that count by bid, fen: as opened, or as corrected and confirmed."""
    return changes.quotes(tender, opened(tender))


PUBLIC_FROM = ("admitted", "publicity", "awarded", "contracted", "archived")
"""States from which the report is public (招标投标法实施条例 第54条)."""

BIDS_READABLE = ("evaluating", "evaluated", "admitted", "publicity")
"""States in which the committee reads bids: while it evaluates, and while objections may call it back."""


def own_sheet(actor: Actor, tender: Any) -> Sheet | None:
    """The acting evaluator's own sheet."""
    seat = experts.own_seat(actor, tender)
    return Sheet.objects.filter(seat=seat).first() if seat else None


def carried_scores(actor: Actor, tender: Any) -> dict[str, dict[str, str]]:
    """What the acting evaluator scored in the earlier round and what counts here: bid -> criterion -> score."""
    seat = experts.own_seat(actor, tender)
    return carried.scores_of(tender, seat) if seat is not None else {}


def sheets(actor: Actor, tender: Any) -> QuerySet[Sheet]:
    """The sheets that the actor may read: all of them for the committee once the report is made, then for all."""
    found = Sheet.objects.filter(seat__draw__tender=tender).select_related("seat").order_by("seat__number")
    if report(actor, tender) is not None:
        return found
    return found.filter(seat=experts.own_seat(actor, tender)) if actor.known else found.none()


def report(actor: Actor, tender: Any) -> Report | None:
    """The report, for those who may read it now: the committee at once, the host once signed, everybody in publicity."""
    found = Report.objects.filter(tender=tender).first()
    if found is None or (tender.state in PUBLIC_FROM and not names_secret(tender)):
        return found
    if has_role("evaluator", actor, tender):
        return found
    host = has_role("buyer", actor, tender) or has_role("agency", actor, tender) or actor.duty == "supervisor"
    return found if host and found.signed_at else None


def bid_documents(actor: Actor, tender: Any, bid: str) -> list[dict[str, Any]]:
    """The documents inside an opened bid, for the committee alone (招标投标法 第38条、第44条).

    Raises:
        NotVisible: for everybody who has no seat in the committee, and outside the evaluation.
        Refused: before the own declaration of no conflict.
    """
    if not has_role("evaluator", actor, tender) or tender.state not in BIDS_READABLE:
        raise NotVisible
    verdict = rules.declared(tender, actor, moment.now())
    if not verdict:
        raise Refused(*verdict.reasons)
    found = next((each for each in bids.opened(tender) if str(each.pk) == str(bid)), None)
    if found is None:
        raise NotVisible
    return list((found.manifest or {}).get("documents", ()))


def price_reviews(actor: Actor, tender: Any) -> list[PriceReview]:
    """Reviews of low prices: for the committee all, for a tenderer its own; explanations are for these alone."""
    found = PriceReview.objects.filter(tender=tender).select_related("tenderer").prefetch_related("findings__seat")
    if has_role("evaluator", actor, tender):
        return list(found)
    return list(found.filter(tenderer=actor.organisation)) if actor.organisation is not None else []


def price_changes(actor: Actor, tender: Any) -> list[PriceChange]:
    """Proposals upon prices: for the committee all, for a tenderer its own once it is asked."""
    found = changes.proposals(tender)
    if has_role("evaluator", actor, tender):
        return found
    own = actor.organisation
    return [each for each in found if own is not None and each.tenderer_id == own.pk and each.until is not None]


def award_vote(actor: Actor, tender: Any) -> dict[str, Any] | None:
    """The vote of the award committee: rule, members, ballots by round, where it stands. For the committee itself, the
    buyer and the supervisor at once, for everybody from the award."""
    vote = separate_rules.vote_of(tender)
    inside = has_role("award_member", actor, tender) or has_role("buyer", actor, tender) or actor.duty == "supervisor"
    if vote is None or not (inside or experts.names_shown(tender)):
        return None
    return {
        "vote": vote,
        "members": list(vote.members.select_related("person")),
        "rounds": separate_rules.rounds(vote),
        "outcome": separate_rules.standing(tender, vote),
        "running": separate_rules.running(vote)[0],
    }
