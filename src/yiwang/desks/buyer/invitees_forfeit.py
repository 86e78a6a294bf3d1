"""Screen: record that the center did not reveal its share of the draw of invitees in time."""

from __future__ import annotations

from typing import Any

from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.awards import invitee_acts
from yiwang.modules.evidence.actors import Actor


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Record it."""
    return invitee_acts.forfeit(actor=actor, tender=number, **extra)


register(
    Screen(
        "invitees.forfeit",
        perform,
        intro=Text(
            "交易中心在期限内没有公开随机数的，其随机数按零计，由采购人接着公开；不重新抽取。",
            "When the center lets its time pass, its share counts as zeros and the purchaser reveals next; there is no second draw.",
        ),
    )
)
