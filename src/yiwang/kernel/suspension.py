"""Suspension (暂停): a tender stands still for a while. It is no state: intervals during which what goes on must wait."""

from __future__ import annotations

from yiwang.kernel.text import Text

KINDS: dict[str, Text] = {
    "order": Text("行政监督部门责令暂停", "ordered by the supervising department"),
    "complaint": Text("处理投诉期间暂停", "while a complaint is dealt with"),
    "objection": Text("处理异议、质疑期间暂停", "while an objection or query is dealt with"),
    "force_majeure": Text("不可抗力", "force majeure"),
}
"""Why a tender stands still."""

BY_ROLE = {"supervisor": ("order",), "buyer": ("force_majeure", "objection"), "agency": ("force_majeure", "objection")}
"""The kinds that each role may order by ``tender.suspend``. Complaints suspend by acts of their own."""

ARTICLES = ("招标投标法实施条例 第62条", "政府采购法 第57条")

_STILL = ("custody.", "clarification.", "objection.", "complaint.", "bid.", "review.")
_ALONE = (
    "tender.enter", "tender.attach_document", "tender.suspend", "tender.resume", "tender.terminate", "tender.fail",
    "deadline.follow",
    "hall.pause", "hall.postpone", "hall.incident", "hall.ask", "hall.answer",
)  # fmt: skip


def goes_on(act: str) -> bool:
    """Whether an act carries a tender on, so that it waits while the tender stands still.

    Preparing, asking, answering, objecting, complaining, handing in bids and ending the tender stay possible.
    """
    return act not in _ALONE and not act.startswith(_STILL)
