"""The tenders that figures are counted from: what everybody may see of them by now, read in a few queries for all."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from yiwang.kernel import moment
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.evidence.findings import Said, said_of
from yiwang.modules.tenders import selectors as tenders


def published() -> list[Any]:
    """All published tenders, the oldest first, with what the figures need."""
    found = tenders.visible_to(PUBLIC).select_related("opening", "award__tenderer", "contract", "draw").prefetch_related("lots", "suspensions")
    return list(found.order_by("id"))


def acts(*names: str) -> dict[str, list[Said]]:
    """Acts of these names on the chains of published tenders, by the tender's number."""
    found: dict[str, list[Said]] = defaultdict(list)
    for each in said_of([tender.chain for tender in published()], *names):
        found[each.tender].append(each)
    return found


def bids(tender: Any) -> int | None:
    """How many bids were opened; None before the opening, when nobody may know."""
    opening = getattr(tender, "opening", None)
    return opening.count if opening is not None and opening.opened_at is not None else None


def at(tender: Any, event: str) -> datetime | None:
    """A moment that the tender has noted."""
    stamp = tender.events.get(event)
    return moment.from_stamp(stamp) if stamp else None


def base(tender: Any) -> int:
    """The base of a bond, fen: the ceilings of its lots, else the budget."""
    ceilings = [lot.ceiling for lot in tender.lots.all()]
    return sum(ceilings) if ceilings and all(ceilings) else int(tender.budget)
