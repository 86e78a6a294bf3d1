"""Draws and seats against their acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.modules.evidence.findings import Finding, match, said
from yiwang.modules.experts.models import Draw, Seat


def findings() -> Iterator[Finding]:
    """The frozen list with its private part, the shares, the seed, and who sits where."""
    fields = ("process", "eligible", "excluded", "leaves", "list_root", "shares", "seed")
    rows = {row.tender.number: {name: getattr(row, name) for name in fields} for row in Draw.objects.select_related("tender")}
    due: dict[str, dict[str, Any]] = {
        act.tender: {**act.public, "eligible": act.private["eligible"], "excluded": act.private["excluded"], "shares": {}, "seed": ""}
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
    rows = Seat.objects.filter(left_at=None).select_related("draw__tender", "expert")
    return {
        (row.draw.tender.number, row.number): {"leaf": row.leaf, "discipline": row.discipline, "expert": row.expert.code}
        for row in rows
    }


def _due_seats(frozen: dict[str, dict[str, Any]]) -> dict[tuple[str, int], dict[str, Any]]:
    last: dict[str, list[dict[str, Any]]] = {}
    for act in said("draw.seat", "draw.decline"):
        last[act.tender] = act.public["seats"]
    return {
        (number, item["seat"]): {
            "leaf": item["leaf"],
            "discipline": item["discipline"],
            "expert": frozen[number]["eligible"][item["leaf"]]["code"],
        }
        for number, seats in last.items()
        for item in seats
    }
