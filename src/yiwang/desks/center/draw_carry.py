"""Let the earlier round's committee sit again, without a new draw."""

from __future__ import annotations

from typing import Any

from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.experts import carrying


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Seat them again."""
    return carrying.carry(actor=actor, tender=number, **extra)


register(
    Screen(
        "draw.carry",
        perform,
        intro=Text(
            "前一轮的评标委员会继续评审，不重新抽取；与本轮投标人有利害关系的，由原抽取顺序的下一位替补。",
            "The earlier round's committee goes on, without a new draw; who is related to a tenderer of this round is "
            "followed by the next in the order drawn then.",
        ),
        final=True,
    )
)
