"""Draws and seats against their acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.modules.evidence.findings import Finding, match, said
from yiwang.modules.experts.models import Draw, Seat


def findings() -> Iterator[Finding]:
    """The frozen list with its private part, the shares, the seed, and who sits where."""
    fields = ("process", "eligible", "excluded", "leaves", "list_root", "shares", "seed")
    rows = {
        row.tender.number: {name: getattr(row, name) for name in fields}
        for row in Draw.objects.select_related("tender")
    }
    due: dict[str, dict[str, Any]] = {
        act.tender: {
            **act.public,
            "eligible": act.private["eligible"],
            "excluded": act.private["excluded"],
            "shares": {},
            "seed": "",
        }
        for act in said("draw.freeze_list")
    }
    for act in said("draw.commit"):
        due[act.tender]["shares"][act.public["party"]] = {"commitment": act.public["commitment"]}
    for act in said("draw.reveal"):
        due[act.tender]["shares"][act.public["party"]]["share"] = act.public["share"]
    for act in said("draw.seat"):
        due[act.tender]["seed"] = act.public["seed"]
    yield from match("experts.Draw", rows, due)
    yield from match("experts.Seat", _seats(), _due_seats(due))


def _seats() -> dict[tuple[str, int], dict[str, Any]]:
    return {
        (row.draw.tender.number, row.number): {
            "leaf": row.leaf,
            "discipline": row.discipline,
            "expert": row.expert.code,
            "left": row.left_at is not None,
        }
        for row in Seat.objects.select_related("draw__tender", "expert")
    }


def _due_seats(frozen: dict[str, dict[str, Any]]) -> dict[tuple[str, int], dict[str, Any]]:
    """Every seat that was ever taken; it was left when a later act does not list it."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for act in said("draw.seat", "draw.decline"):
        here = {item["seat"]: item for item in act.public["seats"]}
        for (number, seat), row in found.items():
            row["left"] = row["left"] or (number == act.tender and seat not in here)
        for seat, item in here.items():
            expert = frozen[act.tender]["eligible"][item["leaf"]]["code"]
            found[(act.tender, seat)] = {
                "leaf": item["leaf"],
                "discipline": item["discipline"],
                "expert": expert,
                "left": False,
            }
    return found
