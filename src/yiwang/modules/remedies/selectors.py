"""Reads of remedies."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

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
