"""What a tender's pages show of the draw of invitees, to whom may see it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from yiwang.desks.tender_parts import Section
from yiwang.kernel.invitees import invitee_law
from yiwang.kernel.text import Text
from yiwang.modules.awards import invitee_selectors
from yiwang.modules.evidence.actors import Actor
from yiwang.ui.shapes import Tag
from yiwang.ui.tables import Column, table_of

TITLE = Text("受邀供应商的抽取", "How the invited suppliers were drawn")


def shown(actor: Actor, tender: Any) -> dict[str, Any] | None:
    """The list with who was drawn, how it came about, the seed; None when there is nothing to see."""
    draw = invitee_selectors.shown(actor, tender) if invitee_selectors.applies(tender) else None
    if draw is None:
        return None
    order = draw.drawn.get("order", [])
    place = {code: number for number, code in enumerate(order, 1)}
    rows = sorted(draw.listed, key=lambda row: (place.get(row["uscc"], 0), row["uscc"]))
    columns = [
        Column("place", Text("抽取次序", "Order drawn"), "number", value=lambda row: place.get(row["uscc"])),
        Column("name", Text("备选供应商", "Candidate"), head=True),
        Column("uscc", Text("统一社会信用代码", "Credit code")),
        Column("drawn", Text("结果", "Result"), "tag", value=lambda row: _tag(row["uscc"], draw)),
    ]
    if not order:
        columns = columns[1:3]
    return {
        "draw": draw,
        "way": invitee_law().ways[draw.way].name,
        "watchers": len(draw.watchers),
        "seed": draw.drawn.get("seed", ""),
        "table": table_of(None, Text("备选供应商名单", "Candidates"), columns, rows, per_page=200),
    }


def _tag(code: str, draw: Any) -> Tag | str:
    return Tag(Text("受邀", "invited"), "good") if code in draw.chosen else ""


def sections(actor: Actor, tender: Any, request: HttpRequest) -> list[Section]:
    """The part of the desk page."""
    found = shown(actor, tender)
    return [Section("invitees", TITLE, "desks/tender_parts/invitees.html", found)] if found else []
