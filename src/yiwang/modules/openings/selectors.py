"""Reads of openings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Min, Q, QuerySet

from yiwang.kernel.errors import NotVisible
from yiwang.modules.evidence.actors import SYSTEM, Actor
from yiwang.modules.openings import hall
from yiwang.modules.openings.custody_law import custody_law
from yiwang.modules.openings.hall import Hall
from yiwang.modules.openings.models import Custodian, Drill, DrillKey, Opening
from yiwang.modules.tenders import selectors as tenders


def custodians(tender: Any) -> QuerySet[Custodian]:
    """The custodians of a tender by position, with their deputies."""
    return Custodian.objects.filter(tender=tender).select_related("person__organisation", "deputy")


def custodies(actor: Actor) -> QuerySet[Custodian]:
    """All custodies in which the acting person has a part, as custodian or as deputy, the newest first."""
    if actor.person is None:
        return Custodian.objects.none()
    own = Q(person=actor.person) | Q(deputy=actor.person)
    return Custodian.objects.filter(own).select_related("tender", "person", "deputy").order_by("-tender_id")


def opening(tender: Any) -> Opening | None:
    """The opening of a tender, once bidding is closed."""
    return Opening.objects.filter(tender=tender).first()


def due_to_close(now: datetime) -> list[str]:
    """Numbers of the tenders whose deadline has come; what is not sealed (开放式框架协议) does not close by time."""
    found = tenders.visible_to(SYSTEM).filter(state="tendering", deadline__lte=now)
    return [each.number for each in found.order_by("deadline") if tenders.law_of(each).sealed]


def hall_of(tender: Any) -> Hall:
    """The opening hall of a tender; an empty one while bidding is not closed."""
    return hall.of(tender)


def drills(actor: Actor) -> QuerySet[Drill]:
    """Drills of custody, the newest first: all for the center and the supervisor, else those in which the actor has a part."""
    if actor.duty in ("center", "supervisor", "admin"):
        return Drill.objects.all()
    return Drill.objects.filter(keys__person=actor.person) if actor.person is not None else Drill.objects.none()


def drill(actor: Actor, number: int) -> Drill:
    """A drill that the actor may see. NotVisible otherwise."""
    found = drills(actor).filter(number=number).first()
    if found is None:
        raise NotVisible
    return found


def drill_keys(drill: Drill) -> QuerySet[DrillKey]:
    """What each custodian did in a drill, by position."""
    return DrillKey.objects.filter(drill=drill).select_related("person__organisation")


def drill_waits(actor: Actor, now: datetime) -> list[DrillKey]:
    """Drills in which the actor has something to do now: give a key before the moment, release it from then on."""
    if actor.person is None:
        return []
    found = DrillKey.objects.filter(person=actor.person, drill__reported_at=None, drill__ends__gte=now, identity="")
    return [each for each in found.select_related("drill") if bool(each.recipient) == (now >= each.drill.opens)]


def drill_overdue(now: datetime) -> timedelta | None:
    """How long it is since the last drill that was reported (since the first custody when none ever was), once that is
    more than the rule allows; None while a drill is planned, or none is due.
    """
    if Drill.objects.filter(reported_at=None).exists():
        return None
    last = Drill.objects.aggregate(last=Max("reported_at"))["last"]
    last = last or Custodian.objects.aggregate(first=Min("provided_at"))["first"]
    since: timedelta | None = now - last if last else None
    return since if since is not None and since > custody_law().drill_every else None


def drills_to_report(now: datetime) -> list[int]:
    """Numbers of the drills that are over and not reported."""
    found = Drill.objects.filter(reported_at=None, opens__lte=now).prefetch_related("keys")
    return [each.number for each in found if each.ends < now or all(key.identity for key in each.keys.all())]
