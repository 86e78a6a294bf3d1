"""GET: what the center counts of its own work, and the catalogue of items."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from yiwang.api.auth import ANYBODY
from yiwang.api.problems import ERRORS, Words, words
from yiwang.kernel import bonds
from yiwang.kernel.items import catalogue
from yiwang.modules.reports import standing

router = Router(tags=["figures"], auth=ANYBODY)


class FiguresOut(Schema):
    """Savings in fen, delays in minutes, median days and shares as decimal text."""

    formula: Words
    savings: list[dict[str, Any]]
    policies: list[dict[str, Any]]
    delays: list[dict[str, Any]]
    cycle: list[dict[str, Any]]
    coverage: list[dict[str, Any]]
    paperless: list[dict[str, Any]]
    deviations: list[dict[str, Any]]


class ItemOut(Schema):
    """An item of the catalogue."""

    item: str
    name: Words
    desk: Words
    who: str
    conditions: Words
    materials: Words
    flow: Words
    time: Words
    article: str
    act: str
    published: str


@router.get("/figures", response={200: FiguresOut, **ERRORS}, operation_id="figures.get")
def figures(request: HttpRequest) -> dict[str, Any]:
    """The figures, counted from public tenders."""
    found = standing.figures()
    return {
        "formula": words(bonds.bond_law().formula),
        "savings": [
            {"tender": row.tender.number, "base": row.base, "bond": row.bond, "bids": row.bids, "released": row.released, "fees": row.fees}
            for row in found.saved
        ],
        "policies": [{"policy": each.key, "on": each.on, "tenders": count, "benefit": sum_} for each, count, sum_ in found.policies],
        "delays": [
            {"cause": row.cause.key, "whose": row.cause.whose, "times": row.times, "minutes": int(row.length.total_seconds() // 60)}
            for row in found.causes
        ],
        "cycle": [
            {"track": row.track, "method": row.method, "year": row.year, "contracts": row.count, "days": str(row.days),
             "steps": {key: str(days) for key, days in row.steps.items()}}
            for row in found.cycles
        ],
        "coverage": [
            {"month": row.month, "feature": row.feature.key, "category": row.category, "used": row.used, "of": row.of,
             "percent": str(row.percent)}
            for row in found.coverage
        ],
        "paperless": [
            {"procedure": row.procedure, "documents": row.documents, "electronic": row.electronic, "percent": str(row.percent)}
            for row in found.paperless
        ],
        "deviations": [
            {"tender": row.tender.number, "kind": row.kind, "step": words(row.step), "found": words(row.found), "article": row.article}
            for row in found.deviations
        ],
    }  # fmt: skip


@router.get("/items", response={200: list[ItemOut], **ERRORS}, operation_id="items.list")
def items(request: HttpRequest) -> list[dict[str, Any]]:
    """The catalogue of items."""
    found = catalogue()
    return [
        {"item": each.key, "name": words(each.name), "desk": words(each.desk), "who": each.who, "conditions": words(each.conditions),
         "materials": words(each.materials), "flow": words(each.flow), "time": words(each.time), "article": each.article,
         "act": each.act, "published": found.published.isoformat()}
        for each in found.items
    ]  # fmt: skip
