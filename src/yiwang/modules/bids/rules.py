"""Rules of bids."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Verdict, verdict
from yiwang.modules.bids import sealed
from yiwang.modules.evidence.actors import Actor


def has_standing_bid(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The actor has a bid that stands. Asked only of tenderers, of their own bid."""
    return verdict(
        any(bid.standing == "submitted" for bid in sealed.of_firm(tender, actor.organisation)),
        "bid.none",
        Text("您还没有提交投标", "you have not submitted a bid"),
    )
