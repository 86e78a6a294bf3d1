"""Reads of awards."""

from __future__ import annotations

from typing import Any

from yiwang.kernel import lots as pure_lots
from yiwang.kernel.errors import Refused
from yiwang.modules.awards import lots, rules
from yiwang.modules.awards.models import Award, Publicity
from yiwang.modules.evidence.actors import Actor


def publicity(tender: Any) -> Publicity | None:
    """The candidates' publicity, once it began."""
    return Publicity.objects.filter(tender=tender).first()


def candidates(tender: Any) -> list[dict[str, Any]]:
    """Among whom the award is decided: the publicised candidates, or the report's where none are publicised."""
    found = publicity(tender)
    rows: list[dict[str, Any]] = found.candidates if found is not None else tender.report.content["candidates"]
    return rows


def due(tender: Any) -> dict[str, Any]:
    """The candidate that wins unless a reason of the law stands against it: the first that is not passed over.

    Raises:
        Refused: all candidates have won their most.
    """
    rows = candidates(tender)
    won = lots.won_before(tender) if lots.most_of(tender) else []
    over = lots.passed_over(tender, rows, won)
    first = pure_lots.first(rows, over)
    if first is None:
        raise Refused(*rules.somebody_left(rows, over).reasons)
    return dict(first)


def passed_over(tender: Any) -> list[dict[str, Any]]:
    """The candidates of a lot that have won as many lots of the project as one may, with the lots that they won."""
    rows = candidates(tender)
    names = {row["bid"]: row["name"] for row in rows}
    won = lots.won_before(tender) if lots.most_of(tender) else []
    return [{**row, "name": names[row["bid"]]} for row in lots.passed_over(tender, rows, won)]


def award(actor: Actor, tender: Any) -> Award | None:
    """The award: for the host from the decision, for everybody from the award notice."""
    found = Award.objects.filter(tender=tender).select_related("tenderer", "bid").first()
    if found is None or found.notified_at:
        return found
    host = actor.organisation is not None and actor.organisation.id in (tender.buyer_id, tender.agency_id)
    return found if host else None
