"""Arithmetic correction of a price that contradicts itself (算术性修正): law/corrections.yaml applied to the bid's figures.

The committee writes down the figures as the bid has them; the rules do the rest, so anybody who has the figures finds the
same corrected price and the same rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from yiwang.kernel import amount_words, lawfile
from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.formula_facts import decimal, whole
from yiwang.kernel.lawfile import LawFile, law_path
from yiwang.kernel.money import MOST, yuan
from yiwang.kernel.text import Text

LINES = 500
"""Lines of a detailed list at most; lines without a fault may be put together as one."""
SHIFTS = (1, 2, 3, 4)
"""By how many places an evidently misplaced decimal point may be off."""
_PLACES = 6
_SOURCES = ("verified", "general_knowledge")


@dataclass(frozen=True, slots=True)
class CorrectionRule:
    """A rule: ``when`` the figures disagree, what it says; ``closes``: later rules do not reopen what it settles."""

    key: str
    when: str
    closes: bool
    article: str
    source: str
    says: Text


@dataclass(frozen=True, slots=True)
class CorrectionOrder:
    """The rules of a track in their order, and how the tenderer confirms: time in minutes, article.

    ``examples``: worked examples of the file, each a name and the arithmetic.
    """

    id: str
    track: str
    name: Text
    minutes: int
    most_minutes: int
    confirm_article: str
    source: str
    rules: tuple[CorrectionRule, ...]
    examples: tuple[tuple[Text, tuple[Text, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class PriceLine:
    """A line of the detailed list: unit price in yuan and quantity, or neither where it has a total alone; total in fen."""

    name: str
    unit: Decimal | None
    quantity: Decimal | None
    total: int

    @property
    def product(self) -> int:
        """Unit price times quantity in fen, rounded half up; the total where there is no unit price."""
        if self.unit is None or self.quantity is None:
            return self.total
        return int(Fraction(self.unit) * Fraction(self.quantity) * 100 + Fraction(1, 2))

    @property
    def shifted(self) -> bool:
        """The unit price with its decimal point moved gives the total, to the fen that a unit price is rounded to."""
        if self.unit is None or self.quantity is None or self.product == self.total:
            return False
        quantity = Fraction(self.quantity)
        moved = [Fraction(self.unit) * 10**places for shift in SHIFTS for places in (shift, -shift)]
        return self.total > 0 and any(abs(unit * quantity * 100 - self.total) * 2 <= quantity for unit in moved)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a bid says of its price: in words, the total of the detailed list in fen, the list; each where it is at hand."""

    words: str = ""
    detail: int | None = None
    lines: tuple[PriceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A rule that applied, and its arithmetic."""

    rule: CorrectionRule
    line: Text


@dataclass(frozen=True, slots=True)
class Corrected:
    """The corrected price in fen and the rules that led to it."""

    order: CorrectionOrder
    price: int
    steps: tuple[Step, ...]


@dataclass
class _Work:
    quoted: int
    total: int
    figures: Figures
    closed: bool = False
    amended: set[int] = field(default_factory=set)


def correct(order: CorrectionOrder, quoted: int, figures: Figures) -> Corrected:
    """Apply the rules in their order.

    Args:
        quoted: the price of the opening sheet in figures, fen.

    Raises:
        BadInput: the figures agree, so there is nothing to correct; or the result is no price.
    """
    work, steps = _Work(quoted, quoted, figures), []
    for rule in order.rules:
        line = _TESTS[rule.when](work, rule)
        if line is not None:
            steps.append(
                Step(
                    rule,
                    Text(f"{line.zh}（{rule.says.zh}，{rule.article}）", f"{line.en} ({rule.says.en}; {rule.article})"),
                )
            )
    if not steps:
        passes = Text(
            "照投标文件填写大写金额、明细合计或者明细", "the words, the list's total or its lines as the bid has them"
        )
        raise bad(
            "figures",
            "这些数字前后一致，没有可以修正的",
            "these figures agree; there is nothing to correct",
            passes=passes,
        )
    if not 0 < work.total <= MOST:
        raise bad("figures", "修正后的报价不是有效金额", "the corrected price is no valid amount")
    return Corrected(order, work.total, tuple(steps))


def _detail(work: _Work, rule: CorrectionRule) -> Text | None:
    detail = work.figures.detail
    if detail is None or detail == work.quoted:
        return None
    work.closed = rule.closes
    sheet = yuan(work.quoted)
    return Text(f"开标一览表 {sheet} 元，明细合计 {yuan(detail)} 元：取 {sheet} 元",
                f"opening sheet CNY {sheet}, total of the list CNY {yuan(detail)}: CNY {sheet}")  # fmt: skip


def _words(work: _Work, rule: CorrectionRule) -> Text | None:
    words = work.figures.words
    amount = amount_words.fen_of_words(words) if words else work.quoted
    if amount == work.quoted:
        return None
    work.total = amount
    said = yuan(work.quoted)
    return Text(f"小写 {said} 元，大写“{words}”即 {yuan(amount)} 元：取 {yuan(amount)} 元",
                f"in figures CNY {said}, in words “{words}”, that is CNY {yuan(amount)}: CNY {yuan(amount)}")  # fmt: skip


def _shifted(work: _Work, rule: CorrectionRule) -> Text | None:
    zh, en = [], []
    for number, line in enumerate(work.figures.lines):
        if line.shifted and line.quantity is not None:
            work.amended.add(number)
            unit = yuan(int(Fraction(line.total) / Fraction(line.quantity) + Fraction(1, 2)))
            zh.append(
                f"{line.name}：单价 {line.unit} 元 × {line.quantity}，合计 {yuan(line.total)} 元，单价改为 {unit} 元"
            )
            en.append(
                f"{line.name}: unit price CNY {line.unit} × {line.quantity}, total CNY {yuan(line.total)}; the unit price becomes CNY {unit}"
            )
    return Text("；".join(zh), "; ".join(en)) if zh else None


def _sums(work: _Work, rule: CorrectionRule) -> Text | None:
    lines = work.figures.lines
    if not lines or work.closed:
        return None
    due = [line.total if number in work.amended else line.product for number, line in enumerate(lines)]
    wrong = [(line, product) for line, product in zip(lines, due, strict=True) if product != line.total]
    if sum(due) == work.total and not wrong:
        return None
    zh = [
        f"{line.name}：{line.unit} × {line.quantity} = {yuan(product)} 元，合计写 {yuan(line.total)} 元"
        for line, product in wrong
    ]
    en = [
        f"{line.name}: {line.unit} × {line.quantity} = CNY {yuan(product)}, its total says CNY {yuan(line.total)}"
        for line, product in wrong
    ]
    before, work.total = work.total, sum(due)
    added = " + ".join(map(yuan, due))
    zh.append(f"总价 {yuan(before)} 元，各项之和 {added} = {yuan(work.total)} 元：取 {yuan(work.total)} 元")
    en.append(f"total CNY {yuan(before)}, sum of the lines {added} = CNY {yuan(work.total)}: CNY {yuan(work.total)}")
    return Text("；".join(zh), "; ".join(en))


_TESTS: dict[str, Callable[[_Work, CorrectionRule], Text | None]] = {
    "detail_differs": _detail,
    "words_differ": _words,
    "unit_shifted": _shifted,
    "sum_differs": _sums,
}


def read_figures(data: Any, at: str = "figures") -> Figures:
    """Read the JSON form ``{"words"?, "detail"? fen, "lines"? [{"name", "total" fen, "unit"? yuan, "quantity"?}]}``.

    Raises:
        BadInput: naming the figure at fault.
    """
    if not isinstance(data, Mapping) or set(data) - {"words", "detail", "lines"}:
        raise bad(at, "应有 words、detail、lines", "has words, detail, lines")
    words, detail, rows = data.get("words", ""), data.get("detail"), data.get("lines", [])
    if not isinstance(words, str) or len(words) > 200:
        raise bad(f"{at}.words", "须为大写金额", "must be an amount in words")
    if words:
        amount_words.fen_of_words(words, f"{at}.words")
    if not isinstance(rows, list | tuple) or len(rows) > LINES:
        raise bad(f"{at}.lines", f"须为列表，最多 {LINES} 项", f"must be a list of at most {LINES} lines")
    lines = tuple(_line(row, f"{at}.lines[{number}]") for number, row in enumerate(rows))
    return Figures(words.strip(), None if detail is None else _amount(detail, f"{at}.detail"), lines)


def _line(row: Any, at: str) -> PriceLine:
    if not isinstance(row, Mapping) or set(row) - {"name", "unit", "quantity", "total"}:
        raise bad(at, "应有 name、total，以及 unit 和 quantity", "has name, total, and unit with quantity")
    name = row.get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > 200:
        raise bad(f"{at}.name", "请写明项目名称", "give the line's name")
    if ("unit" in row) != ("quantity" in row):
        raise bad(at, "单价和数量应一起填写", "give unit price and quantity together")
    unit, quantity = (_number(row[key], f"{at}.{key}") if key in row else None for key in ("unit", "quantity"))
    if quantity == 0:
        raise bad(f"{at}.quantity", "数量必须大于零", "the quantity must be above zero")
    return PriceLine(name.strip(), unit, quantity, _amount(row.get("total"), f"{at}.total"))


def _amount(value: Any, at: str) -> int:
    fen = whole(value, at)
    if not 0 <= fen <= MOST:
        raise bad(at, "金额须在零以上且不过大", "the amount must not be negative or too large")
    return fen


def _number(value: Any, at: str) -> Decimal:
    number = decimal(value, at)
    if not 0 <= number <= MOST or number != number.quantize(Decimal(1).scaleb(-_PLACES)):
        raise bad(
            at,
            f"须为不小于零、最多{_PLACES}位小数的数",
            f"must be a number from zero on with at most {_PLACES} decimals",
        )
    return number


def orders() -> tuple[CorrectionOrder, ...]:
    """All orders of law/corrections.yaml. LawFault when the file is wrong, an example that does not come out among it."""
    path = law_path("corrections.yaml")
    return read_orders(path)


def order(order_id: str) -> CorrectionOrder:
    """The order of that id; BadInput when there is none."""
    for each in orders():
        if each.id == order_id:
            return each
    names = ", ".join(each.id for each in orders())
    raise bad(
        "correction.order",
        f"没有名为“{order_id}”的修正规则",
        f"there are no rules “{order_id}”",
        passes=Text(names, names),
    )


def order_for(track: str) -> CorrectionOrder:
    """The order of a procedure's track; KeyError when the law has none."""
    for each in orders():
        if each.track == track:
            return each
    raise KeyError(track)


def read_orders(path: Path) -> tuple[CorrectionOrder, ...]:
    """Read and check a file of orders."""
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read(path: Path, changed_ns: int) -> tuple[CorrectionOrder, ...]:
    file = lawfile.read(path)
    file.only((), ("version", "orders", "examples"))
    found = tuple(_order(file, number) for number in range(len(file.need(("orders",), list))))
    known = {each.id: each for each in found}
    shown: dict[str, list[tuple[Text, tuple[Text, ...]]]] = {}
    for number in range(len(file.need(("examples",), list))):
        name, result = _example(file, ("examples", number), known)
        lines = (
            *(step.line for step in result.steps),
            Text(f"修正后的报价 {yuan(result.price)} 元", f"corrected price CNY {yuan(result.price)}"),
        )
        shown.setdefault(result.order.id, []).append((name, lines))
    return tuple(replace(each, examples=tuple(shown.get(each.id, ()))) for each in found)


def _order(file: LawFile, number: int) -> CorrectionOrder:
    at = ("orders", number)
    file.only(at, ("id", "track", "zh", "en", "confirm", "rules"))
    confirm = (*at, "confirm")
    file.only(confirm, ("minutes", "most_minutes", "article", "source"))
    minutes, most = file.need((*confirm, "minutes"), int), file.need((*confirm, "most_minutes"), int)
    if not 0 < minutes <= most:
        raise file.fault((*confirm, "minutes"), "分钟数的大小次序不对", "the minutes are not in order")
    rules = tuple(_rule(file, (*at, "rules", place)) for place in range(len(file.need((*at, "rules"), list))))
    if not rules or len({rule.key for rule in rules}) < len(rules) or len({rule.when for rule in rules}) < len(rules):
        raise file.fault((*at, "rules"), "规则不得为空或重复", "rules must not be missing or stand twice")
    track = file.one_of((*at, "track"), ("construction", "gov_procurement"))
    source, article = file.one_of((*confirm, "source"), _SOURCES), file.need((*confirm, "article"), str)
    return CorrectionOrder(file.need((*at, "id"), str), track, file.text(at), minutes, most, article, source, rules)


def _rule(file: LawFile, at: tuple[Any, ...]) -> CorrectionRule:
    file.only(at, ("key", "when", "closes", "article", "source", "zh", "en"))
    when = file.one_of((*at, "when"), _TESTS)
    source, article = file.one_of((*at, "source"), _SOURCES), file.need((*at, "article"), str)
    return CorrectionRule(
        file.need((*at, "key"), str), when, file.need((*at, "closes"), bool), article, source, file.text(at)
    )


def _example(file: LawFile, at: tuple[Any, ...], known: Mapping[str, CorrectionOrder]) -> tuple[Text, Corrected]:
    file.only(at, ("name", "order", "quoted", "figures", "expect"))
    name = file.text((*at, "name"))
    chosen = known[file.one_of((*at, "order"), known)]
    try:
        found = correct(chosen, file.need((*at, "quoted"), int), read_figures(file.need((*at, "figures"), dict)))
    except BadInput as error:
        raise file.fault((*at, "figures"), error.reasons[0].message.zh, error.reasons[0].message.en) from None
    got = {"price": found.price, "rules": [step.rule.key for step in found.steps]}
    if got != file.need((*at, "expect"), dict):
        raise file.fault((*at, "expect"), f"实际为 {got}", f"is {got}")
    return name, found
