"""Reads of bids. Before the opening a bid exists for its tenderer alone, not for any staff."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from yiwang.kernel.errors import NotVisible
from yiwang.modules.bids.models import Bid
from yiwang.modules.evidence.actors import Actor

OPEN_STATES = ("opened", "evaluating", "evaluated", "publicity", "awarded", "contracted", "archived")
"""States of a tender in which its bids are public (招标投标法 第36条: read out at the opening)."""


def visible_to(actor: Actor) -> QuerySet[Bid]:
    """Opened bids for everybody; sealed, replaced and withdrawn ones for their tenderer alone."""
    public = Q(standing__in=["opened", "faulty"])
    own = Q(tenderer=actor.organisation) if actor.organisation is not None else Q(pk=None)
    return Bid.objects.filter(public | own).select_related("tenderer", "lot", "tender", "act__log_entry")


def opened(tender: Any) -> QuerySet[Bid]:
    """The bids of a tender that were opened (or could not be), by price."""
    found = Bid.objects.filter(tender=tender, standing__in=["opened", "faulty"])
    return found.select_related("tenderer", "lot").order_by("price", "commitment")


def own(actor: Actor, tender: Any) -> QuerySet[Bid]:
    """All of the actor's own bids for a tender, the newest first."""
    if actor.organisation is None:
        return Bid.objects.none()
    found = Bid.objects.filter(tender=tender, tenderer=actor.organisation)
    return found.select_related("act__log_entry", "lot").order_by("-submitted_at")


def bid(actor: Actor, pk: str) -> Bid:
    """One bid that the actor may see; NotVisible otherwise."""
    found = visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found
