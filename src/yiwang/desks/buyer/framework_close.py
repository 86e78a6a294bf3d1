"""Screen: an open framework agreement takes no more suppliers."""

from __future__ import annotations

from typing import Any

from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.negotiations import framework_acts


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Close it."""
    return framework_acts.close(actor=actor, tender=number, **extra)


register(
    Screen(
        "framework.close",
        perform,
        intro=Text("之后不再接受加入申请；已经入围的供应商可以继续接受订单。", "No more applications are taken; who is in may still get orders."),
        final=True,
    )
)
