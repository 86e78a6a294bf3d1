"""Reads of openings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from yiwang.modules.evidence.actors import SYSTEM, Actor
from yiwang.modules.openings import hall
from yiwang.modules.openings.hall import Hall
from yiwang.modules.openings.models import Custodian, Opening
from yiwang.modules.tenders import selectors as tenders


def custodians(tender: Any) -> QuerySet[Custodian]:
    """The custodians of a tender by position."""
    return Custodian.objects.filter(tender=tender).select_related("person__organisation")


def custodies(actor: Actor) -> QuerySet[Custodian]:
    """All custodies of the acting person, the newest first."""
    if actor.person is None:
        return Custodian.objects.none()
    return Custodian.objects.filter(person=actor.person).select_related("tender").order_by("-tender_id")


def opening(tender: Any) -> Opening | None:
    """The opening of a tender, once bidding is closed."""
    return Opening.objects.filter(tender=tender).first()


def due_to_close(now: datetime) -> list[str]:
    """Numbers of the tenders whose deadline has come."""
    found = tenders.visible_to(SYSTEM).filter(state="tendering", deadline__lte=now)
    return list(found.order_by("deadline").values_list("number", flat=True))


def hall_of(tender: Any) -> Hall:
    """The opening hall of a tender; an empty one while bidding is not closed."""
    return hall.of(tender)
