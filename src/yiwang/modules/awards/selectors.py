"""Reads of awards."""

from __future__ import annotations

from typing import Any

from yiwang.modules.awards.models import Award, Publicity
from yiwang.modules.evidence.actors import Actor


def publicity(tender: Any) -> Publicity | None:
    """The candidates' publicity, once it began."""
    return Publicity.objects.filter(tender=tender).first()


def award(actor: Actor, tender: Any) -> Award | None:
    """The award: for the host from the decision, for everybody from the award notice."""
    found = Award.objects.filter(tender=tender).select_related("tenderer", "bid").first()
    if found is None or found.notified_at:
        return found
    host = actor.organisation is not None and actor.organisation.id in (tender.buyer_id, tender.agency_id)
    return found if host else None
