"""What the law that governs a tender calls its parties and papers: 招标人 or 采购人, 中标 or 成交."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yiwang.kernel.text import Text
from yiwang.modules.tenders.selectors import law_of

TENDERED = ("open_tender", "invited_tender", "prequalification")
"""Methods of government procurement in which the winner is called 中标人; in the others 成交供应商."""


@dataclass(frozen=True, slots=True)
class Called:
    """The words: buyer, tenderer, winner, the price at which it wins, the notice and the result, and by which articles the
    notice is sent."""

    buyer: Text
    tenderer: Text
    winner: Text
    price: Text
    notice: Text
    result: Text
    articles: str = "政府采购法 第46条；政府采购法实施条例 第43条"


_TENDERING = Called(
    Text("招标人", "Buyer"), Text("投标人", "Tenderer"), Text("中标人", "Supplier"), Text("中标价", "Price"),
    Text("中标通知书", "Award notice"), Text("中标结果", "Award"), "招标投标法 第45条、第46条",
)  # fmt: skip
_PROCURED = Called(
    Text("采购人", "Purchaser"), Text("供应商", "Supplier"), Text("中标供应商", "Winning supplier"), Text("中标价", "Price"),
    Text("中标通知书", "Award notice"), Text("中标结果", "Result"),
)  # fmt: skip
_DEALT = Called(
    Text("采购人", "Purchaser"), Text("供应商", "Supplier"), Text("成交供应商", "Winning supplier"), Text("成交价", "Price"),
    Text("成交通知书", "Notice of the deal"), Text("成交结果", "Result"),
)  # fmt: skip


def called(tender: Any) -> Called:
    """The words for a tender, by its procedure."""
    law = law_of(tender)
    if law.track != "gov_procurement":
        return _TENDERING
    return _PROCURED if law.method in TENDERED else _DEALT
