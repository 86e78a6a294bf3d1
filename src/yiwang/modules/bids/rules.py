"""Rules of bids."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Verdict, verdict
from yiwang.modules.bids import sealed
from yiwang.modules.bids.fold import ALIVE, COMMITTED
from yiwang.modules.evidence.actors import Actor


def has_pending_bid(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The actor has committed to a sealed file that is not there yet. Asked only of tenderers, of their own bid."""
    return verdict(
        any(bid.standing == COMMITTED for bid in sealed.of_firm(tender, actor.organisation)),
        "bid.none_pending",
        Text("您没有等待补传的投标", "no bid of yours waits for its file"),
        passes=Text("截止前先登记密封文件的摘要", "commit to the sealed file's hash before the deadline"),
    )


def has_standing_bid(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The actor has a bid that stands, its bytes there or not. Asked only of tenderers, of their own bid."""
    return verdict(
        any(bid.standing in ALIVE for bid in sealed.of_firm(tender, actor.organisation)),
        "bid.none",
        Text("您还没有提交投标", "you have not submitted a bid"),
    )
