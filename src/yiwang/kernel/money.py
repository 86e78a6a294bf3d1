"""Money as integer fen (分), read from and shown as yuan."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text

MOST = 10**15
"""Largest amount in fen that a form takes: ten trillion yuan, beyond any city's budget, below 2**53."""


def fen_of(yuan: str, *, field: str = "amount") -> int:
    """Fen of a yuan amount as typed ("1,234,567.89"). BadInput when absent, negative, too fine or too large."""
    passes = Text("大于零的金额，最多两位小数，例如 1234567.89", "an amount above zero with at most two decimals, e.g. 1234567.89")
    try:
        value = Decimal(str(yuan).strip().replace(",", "").replace("，", "")) * 100
    except InvalidOperation:
        raise bad(field, f"金额“{yuan}”不是数字", f"the amount “{yuan}” is not a number", passes=passes) from None
    if not value.is_finite() or value <= 0:
        raise bad(field, "金额必须大于零", "the amount must be above zero", passes=passes)
    if value != value.to_integral_value():
        raise bad(field, "金额最多两位小数", "the amount has more than two decimals", passes=passes)
    if value > MOST:
        raise bad(field, "金额过大", "the amount is too large", passes=passes)
    return int(value)


def yuan(fen: int) -> str:
    """``123456789`` fen as ``1,234,567.89``."""
    return f"{Decimal(fen) / 100:,.2f}"
