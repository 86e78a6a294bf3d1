"""Prices of framework agreements (框架协议): what a supplier may quote for an order at most.

The price of a supplier's agreement is the ceiling of its quotes in the second stage, by the unit (财政部令第110号 第35条 and 第36条:
以协议价格为最高限价). The center rejects by this page, the verifier checks by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from yiwang.kernel.money import yuan
from yiwang.kernel.text import Text

ARTICLE = "政府采购框架协议采购方式管理暂行办法 第35条、第36条"


def ceiling(tenderer: str, order: Mapping[str, Any]) -> int | None:
    """The most that a supplier may quote for an order, fen; None when the order says nothing of its price.

    Args:
        tenderer: credit code. order: ``prices`` (fen by credit code) and ``quantity`` of the act ``framework.choose``.
    """
    price = order.get("prices", {}).get(tenderer)
    return None if price is None else int(price) * int(order.get("quantity", 1))


def too_dear(quotes: Iterable[tuple[str, str, int]], order: Mapping[str, Any]) -> dict[str, Text]:
    """Why quotes are rejected: by bid, those above the own price of the agreement.

    Args:
        quotes: (bid, credit code of who quotes, price in fen) of each opened quote.
    """
    found = {}
    for bid, tenderer, price in quotes:
        most = ceiling(tenderer, order)
        if most is not None and price > most:
            found[bid] = Text(
                f"报价 {yuan(price)} 元高于本单位的框架协议价格 {yuan(most)} 元",
                f"the quote, {yuan(price)} yuan, lies above the supplier's own price of the agreement, {yuan(most)} yuan",
            )
    return found
