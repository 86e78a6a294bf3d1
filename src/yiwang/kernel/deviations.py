"""Small deviations turned into money (细微偏差量化) by the standards that the tender document publishes in its formula.

``deviations: [{key, name, unit, fen | of_price, most, article?}]``: each unit of the deviation adds ``fen``, or the share
``of_price`` of the bid's price, to the price for evaluation. More than ``most`` units is a material deviation: such a bid is
rejected, not priced (评标委员会和评标方法暂行规定 第24条至第26条、第30条).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from yiwang.kernel.errors import bad
from yiwang.kernel.formula_facts import decimal, whole
from yiwang.kernel.formula_groups import needs_price
from yiwang.kernel.formula_price import money, percent
from yiwang.kernel.money import MOST, yuan
from yiwang.kernel.text import Text

Tell = Callable[..., None]
Take = Callable[[Callable[..., Any], Any, str], Any]
Row = Mapping[str, Any]
ARTICLE = "评标委员会和评标方法暂行规定 第26条"
_KNOWN = ("key", "name", "unit", "fen", "of_price", "most", "article")
_PLACES = Decimal("0.000001")


def check_deviations(formula: Row, tell: Tell, take: Take) -> None:
    """Each standard has a key, names, a unit, one rate above zero and a largest number; there is a price to add to."""
    rows = formula.get("deviations") or ()
    if not isinstance(rows, list | tuple):
        tell("deviations", "须为列表", "must be a list")
        return
    if rows and not needs_price(formula):
        tell("deviations", "没有报价，无从折算", "there is no price to add to")
    keys: set[str] = set()
    for number, row in enumerate(rows):
        at = f"deviations[{number}]"
        if not isinstance(row, Mapping) or not isinstance(row.get("key"), str) or not _word(row["key"]):
            tell(at, "须有 ASCII 的 key", "needs an ASCII key")
            continue
        for key in row:
            if key not in _KNOWN:
                tell(f"{at}.{key}", "不认识这一项", "is not known")
        if row["key"] in keys:
            tell(f"{at}.key", "重复", "stands twice")
        keys.add(row["key"])
        for key in ("name", "unit"):
            _named(row.get(key), f"{at}.{key}", tell)
        _rate(row, at, tell, take)


def _word(key: str) -> bool:
    return key.isascii() and key.isidentifier()


def _named(value: Any, at: str, tell: Tell) -> None:
    if not isinstance(value, Mapping) or not all(
        isinstance(value.get(lang), str) and value[lang] for lang in ("zh", "en")
    ):
        tell(at, "须有 zh、en 两种文字", "needs zh and en")


def _rate(row: Row, at: str, tell: Tell, take: Take) -> None:
    if ("fen" in row) == ("of_price" in row):
        tell(at, "fen 和 of_price 须有一个，且只能有一个", "needs either fen or of_price")
        return
    if "fen" in row:
        fen = take(whole, row["fen"], f"{at}.fen")
        if fen is not None and not 0 < fen <= MOST:
            tell(
                f"{at}.fen", "每单位金额必须大于零且不过大", "the amount of a unit must be above zero and not too large"
            )
    else:
        share = take(decimal, row["of_price"], f"{at}.of_price")
        if share is not None and not 0 < share < 1:
            tell(f"{at}.of_price", "每单位比例须大于0、小于1", "the share of a unit must be above 0 and below 1")
    most = take(decimal, row.get("most"), f"{at}.most")
    if most is not None and not 0 < most <= 10**6:
        tell(f"{at}.most", "最多单位数须大于零", "the largest number of units must be above zero")


def read_quantities(formula: Row, data: Any, at: str = "deviations") -> tuple[tuple[str, Decimal], ...]:
    """How many units of each published deviation a bid has: ``{key: decimal text}``, in the order of the formula.

    Raises:
        BadInput: a deviation that the formula does not publish, a number of units that is not above zero or above its bound.
    """
    known = {row["key"]: row for row in formula.get("deviations") or ()}
    if not isinstance(data, Mapping) or not data:
        raise bad(at, "请写明偏差", "name the deviations")
    for key in data:
        if key not in known:
            names = "、".join(known) or "—"
            raise bad(f"{at}.{key}", "招标文件没有公布这一项的量化标准", "the tender publishes no standard for it", article=ARTICLE,
                      passes=Text(names, names))  # fmt: skip
    return tuple((key, _quantity(row, data[key], f"{at}.{key}")) for key, row in known.items() if key in data)


def _quantity(row: Row, value: Any, at: str) -> Decimal:
    number, most = decimal(value, at), Decimal(str(row["most"]))
    passes = Text(f"大于0、不超过{most}", f"above 0 and at most {most}")
    if number > most:
        raise bad(at, f"{number}{row['unit']['zh']}超过{most}，属于重大偏差，应当否决，不能折算",
                  f"{number} {row['unit']['en']} is above {most}: a material deviation, to be rejected and not priced",
                  article=ARTICLE, passes=passes)  # fmt: skip
    if number <= 0 or number != number.quantize(_PLACES):
        raise bad(
            at, "数量须大于零，最多6位小数", "the quantity must be above zero, with at most 6 decimals", passes=passes
        )
    return number


def priced(formula: Row, quantities: Sequence[tuple[str, Decimal]], price: int) -> list[tuple[Text, Fraction]]:
    """Each deviation's arithmetic and what it adds, exact fen. BadInput as :func:`read_quantities`."""
    if not quantities:
        return []
    rows = {row["key"]: row for row in formula.get("deviations") or ()}
    found = []
    for key, quantity in read_quantities(formula, {key: str(value) for key, value in quantities}):
        row = rows[key]
        if "fen" in row:
            amount, rate = Fraction(quantity) * row["fen"], Text(f"{yuan(row['fen'])} 元", f"CNY {yuan(row['fen'])}")
        else:
            share = Fraction(str(row["of_price"]))
            amount = Fraction(quantity) * share * price
            rate = Text(f"{percent(share)} × {yuan(price)} 元", f"{percent(share)} × CNY {yuan(price)}")
        name, unit, sum_ = row["name"], row["unit"], money(amount)
        line = Text(f"{name['zh']}：{quantity} {unit['zh']} × {rate.zh} = {sum_} 元",
                    f"{name['en']}: {quantity} {unit['en']} × {rate.en} = CNY {sum_}")  # fmt: skip
        found.append((line, amount))
    return found
