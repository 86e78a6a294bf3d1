"""Reads of remedies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from yiwang.kernel import moment
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.remedies.models import Objection


def objections(actor: Actor, tender: Any) -> QuerySet[Objection]:
    """Objections to a tender and their answers; the caller has checked that the actor sees the tender.

    Who objected to the documents is shown to nobody but the objector (see :func:`author_shown`).
    """
    return Objection.objects.filter(tender=tender).select_related("by")


def author_shown(actor: Actor, objection: Objection) -> bool:
    """Whether the actor may see who objected: the objector, and everybody once bids are open."""
    if actor.organisation is not None and actor.organisation.id == objection.by_id:
        return True
    return objection.kind != "document" or objection.tender.state not in ("tendering", "closed")


@dataclass(frozen=True, slots=True)
class Month:
    """How many objections were answered in a month (``2026-11``), and how many of them were upheld."""

    month: str
    answered: int
    upheld: int


def answered_by_month() -> list[Month]:
    """The trend of objections, the newest month first. Open ones are not counted: before an opening they would hint at
    who is interested.
    """
    month = TruncMonth("answered_at", tzinfo=moment.LOCAL)
    rows = Objection.objects.filter(answered_at__isnull=False).annotate(month=month).values("month").order_by("-month")
    counted = rows.annotate(answered=Count("id"), upheld=Count("id", filter=Q(upheld=True)))
    return [Month(f"{row['month']:%Y-%m}", row["answered"], row["upheld"]) for row in counted]
