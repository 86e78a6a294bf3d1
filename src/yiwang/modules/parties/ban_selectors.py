"""Reads of bans from bidding."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from yiwang.kernel import moment
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties.ban_models import Ban


def in_force(organisations: Iterable[int], track: str, at: datetime) -> list[Ban]:
    """The bans that hold for some organisations (ids) on a track at a moment, with their organisations."""
    day = at.astimezone(moment.LOCAL).date()
    found = Ban.objects.filter(organisation__in=list(organisations), track=track, since__lte=day, until__gte=day, lifted_at=None)
    return list(found.select_related("organisation"))


def bans(actor: Actor) -> QuerySet[Ban]:
    """All bans for supervisor and center; an organisation sees its own."""
    found = Ban.objects.select_related("organisation")
    if actor.duty in ("supervisor", "center", "admin"):
        return found
    return found.filter(organisation=actor.organisation) if actor.organisation is not None else found.none()


def public(at: datetime) -> list[Ban]:
    """The bans in force at a moment: what everybody may see."""
    day = at.astimezone(moment.LOCAL).date()
    return list(Ban.objects.filter(since__lte=day, until__gte=day, lifted_at=None).select_related("organisation"))
