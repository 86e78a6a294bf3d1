"""Compute the seed and seat the committee."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from yiwang.desks import tender_parts
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.experts import acts


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Draw."""
    return acts.seat(actor=actor, tender=number, **extra)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """The list and the three shares."""
    parts = tender_parts.sections(request.actor, tender, request)  # type: ignore[attr-defined]
    return {"part": next((each for each in parts if each.key == "committee"), None)}


register(
    Screen(
        "draw.seat",
        perform,
        preview="desks/center/draw_state.html",
        context=context,
        intro=Text(
            "三方随机数与其后的日志根合成种子，得到唯一的抽取顺序，依次入席。只抽取一次，任何人都能重算。",
            "The three shares and a later root of the log make the seed and one order; seats are filled in it. "
            "There is one draw only, and anybody can recompute it.",
        ),
        final=True,
    )
)
