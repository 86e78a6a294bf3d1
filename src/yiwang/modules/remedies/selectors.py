"""Reads of remedies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from yiwang.kernel import moment
from yiwang.kernel.errors import NotVisible
from yiwang.modules.evidence.actors import PUBLIC, Actor, has_role
from yiwang.modules.remedies.models import Complaint, Objection


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


def complaints(actor: Actor, tender: Any) -> QuerySet[Complaint]:
    """Complaints as far as the actor may know of them: the department all, a complainant the own; buyer, agency and center
    those that were accepted (a copy is served on them); everybody those that are decided, or by which trading stands still.

    Who complained is told by :func:`complainant_shown`.
    """
    found = Complaint.objects.filter(tender=tender).select_related("by", "objection", "tender")
    if actor.system or actor.duty == "supervisor":
        return found
    shown = Q(decided_at__isnull=False) | Q(suspended_at__isnull=False)
    if actor.duty in ("center", "admin") or has_role("buyer", actor, tender) or has_role("agency", actor, tender):
        shown |= Q(accepted_at__isnull=False)
    if actor.organisation is not None:
        shown |= Q(by=actor.organisation)
    return found.filter(shown)


def complainant_shown(actor: Actor, complaint: Complaint) -> bool:
    """Whether the actor may see who complained: the department, the complainant; buyer and agency once bids are open."""
    if actor.duty == "supervisor" or (actor.organisation is not None and actor.organisation.id == complaint.by_id):
        return True
    host = has_role("buyer", actor, complaint.tender) or has_role("agency", actor, complaint.tender)
    return host and complaint.tender.state not in ("tendering", "closed", "terminated")


def own_objections(actor: Actor, tender: Any) -> QuerySet[Objection]:
    """The actor's own objections in a tender."""
    if actor.organisation is None:
        return Objection.objects.none()
    return Objection.objects.filter(tender=tender, by=actor.organisation)


def own_complaints(actor: Actor) -> QuerySet[Complaint]:
    """The actor's own complaints in all tenders."""
    return Complaint.objects.filter(by=actor.organisation) if actor.organisation is not None else Complaint.objects.none()


def all_living() -> QuerySet[Complaint]:
    """Every complaint that a department still deals with, or in which trading stands still, the oldest first."""
    over = Q(refused_at__isnull=False) | Q(decided_at__isnull=False) | Q(withdrawn_at__isnull=False)
    still = Q(suspended_at__isnull=False, done_at__isnull=True)
    held = still & ~Q(tender__state__in=("archived", "failed", "terminated"))  # what has ended needs no going on
    living = Complaint.objects.filter(~over | held)
    return living.select_related("by", "tender", "objection").order_by("pk")


def decision(tender: Any, sha256: str) -> Complaint:
    """The decided complaint whose decision is the file with this hash; public. NotVisible when there is none."""
    found = complaints(PUBLIC, tender).filter(decided_at__isnull=False, document=sha256).first()
    if found is None:
        raise NotVisible
    return found


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
