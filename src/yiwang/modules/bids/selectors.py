"""Reads of bids. Before the opening a bid exists for its tenderer alone: not for any staff, nor in the database's rows."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from yiwang.modules.bids import sealed
from yiwang.modules.bids.models import Bid
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.tenders import selectors as tenders

SEALED_STATES = ("tendering", "closed", "terminated")
"""States of a tender in which its bids are secret, or were never opened."""


def visible_to(actor: Actor) -> QuerySet[Bid]:
    """Opened bids for everybody; replaced, withdrawn and never opened ones for their tenderer alone. No row tells of a
    bid before the opening: see :func:`own`.
    """
    public = Q(standing__in=["opened", "faulty"])
    own = Q(tenderer=actor.organisation) if actor.organisation is not None else Q(pk=None)
    return Bid.objects.filter(public | own).select_related("tenderer", "lot", "tender", "act__log_entry")


def opened(tender: Any) -> QuerySet[Bid]:
    """The bids of a tender that were opened (or could not be), by price."""
    found = Bid.objects.filter(tender=tender, standing__in=["opened", "faulty"])
    return found.select_related("tenderer", "lot").order_by("price", "commitment")


def own(actor: Actor, tender: Any) -> list[Bid]:
    """All of the actor's own bids for a tender, the newest first; before the opening read from blind acts."""
    if actor.organisation is None:
        return []
    rows = Bid.objects.filter(tender=tender, tenderer=actor.organisation)
    kept = list(rows.select_related("act__log_entry", "lot").order_by("-act_id"))
    return kept or sealed.of_firm(tender, actor.organisation)[::-1]


def numbers(actor: Actor) -> set[str]:
    """Numbers of the tenders for which the actor's firm has handed in a bid."""
    if actor.organisation is None:
        return set()
    waiting = tenders.visible_to(actor).filter(state__in=SEALED_STATES).order_by().values_list("number", flat=True)
    known = Bid.objects.filter(tenderer=actor.organisation).values_list("tender__number", flat=True)
    return set(known) | sealed.tenders_of(actor.organisation, waiting)
