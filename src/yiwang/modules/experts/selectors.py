"""Reads of experts and the draw. Names of a committee are secret until the award (招标投标法 第37条)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from yiwang.kernel.errors import NotVisible
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.experts.models import Draw, Seat

NAMES_FROM = ("awarded", "contracted", "archived")
"""States from which the committee's names are public."""


def draw(tender: Any) -> Draw | None:
    """The draw of a tender, once the list is frozen."""
    return Draw.objects.filter(tender=tender).first()


def committee(tender: Any) -> QuerySet[Seat]:
    """The seats that are taken now, by number."""
    return Seat.objects.filter(draw__tender=tender, left_at=None).select_related("expert__person")


def own_seat(actor: Actor, tender: Any) -> Seat | None:
    """The actor's seat in the tender's committee, or None. Asked once in the life of a tender's Python object."""
    if actor.person is None:
        return None
    asked: dict[Any, Seat | None] = tender.__dict__.setdefault("_own_seats", {})
    if actor.person.pk not in asked:
        asked[actor.person.pk] = seats_of(actor).filter(draw__tender=tender, left_at=None).first()
    return asked[actor.person.pk]


def seat_held(actor: Actor, tender: Any) -> Seat:
    """The actor's seat; NotVisible when there is none."""
    seat = own_seat(actor, tender)
    if seat is None:
        raise NotVisible
    return seat


def seats_of(actor: Actor) -> QuerySet[Seat]:
    """All seats of the acting evaluator, the newest first."""
    if actor.person is None:
        return Seat.objects.none()
    return Seat.objects.filter(expert__person=actor.person).select_related("draw__tender").order_by("-id")


def names_shown(tender: Any) -> bool:
    """Whether the names of the committee may be read."""
    return tender.state in NAMES_FROM
