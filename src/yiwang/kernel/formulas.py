"""Evaluation by formula: from bids and score sheets to a ranking, exactly, with every line of the arithmetic.

A formula is data (see law/formulas): bounds of the price, a price score, criteria scored by evaluators, how equal bids
part, how figures are rounded. It needs no file but law/corrections.yaml, and that only where a price was corrected, so an
outsider recomputes with it alone.

Exact values rank (``rounding.rank_by: exact``) unless the tender's documents say that rounded ones do (``shown``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any

from yiwang.kernel.deviations import priced
from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.formula_check import check_formula, check_objective, check_sheet, require
from yiwang.kernel.formula_facts import Adjustment, BidFacts, BidResult, Deduction, Ranking, Sheet
from yiwang.kernel.formula_groups import grouped, kept, needs_price, to_draw, with_drawn
from yiwang.kernel.formula_price import (
    abnormally_low,
    evaluated,
    money,
    outside,
    price_line,
    price_score,
    reference,
    rounded,
)
from yiwang.kernel.text import Text

__all__ = [
    "Adjustment",
    "BidFacts",
    "BidResult",
    "Deduction",
    "Ranking",
    "Sheet",
    "check_formula",
    "check_objective",
    "check_sheet",
    "evaluate",
    "evaluate_json",
    "outlying",
    "to_draw",
    "with_drawn",
    "with_lots",
]


@dataclass
class _Work:
    """A bid while it is being evaluated."""

    facts: BidFacts
    quote: int
    price: Fraction
    lines: list[Text]
    rejected: tuple[Text, ...] = ()
    scores: dict[str, Fraction] = field(default_factory=dict)
    shown: dict[str, Decimal] = field(default_factory=dict)
    price_score: Fraction | None = None
    price_shown: Decimal | None = None
    groups: dict[str, Fraction] = field(default_factory=dict)
    total: Fraction | None = None
    key: tuple[Any, ...] = ()
    rank: int | None = None


def evaluate(formula: Mapping[str, Any], bids: Sequence[BidFacts], sheets: Sequence[Sheet] = ()) -> Ranking:
    """Rank bids by a formula.

    Args:
        formula: as stored with the tender; see law/formulas.
        bids: all opened bids, rejected ones too; their order does not matter.
        sheets: one per evaluator, covering every bid that is neither rejected in the preliminary review nor outside
            the price bounds; order does not matter.

    Raises:
        BadInput: the formula, a bid or a sheet is unsound, naming the field.
    """
    require(formula)
    _ready(formula, bids)
    _distinct([bid.bid for bid in bids], "bids")
    _distinct([sheet.evaluator for sheet in sheets], "sheets")
    price = formula.get("price") or {}
    works = [_begin(bid, formula) for bid in sorted(bids, key=lambda item: item.bid)]
    _score(formula, works, sheets)
    valid = [work for work in works if not work.rejected]
    base, lines = _price_scores(formula, valid)
    ties = _rank(formula, valid)
    low = abnormally_low(
        formula.get("abnormal") or {}, {w.facts.bid: w.quote for w in valid if w.quote}, price.get("ceiling")
    )
    results = [_result(formula, work, low.get(work.facts.bid, ())) for work in works]
    results.sort(key=lambda item: (item.rank is None, item.rank or 0, item.bid))
    first = [item.bid for item in results if item.rank == 1]
    last, keeping = kept(formula, [work.rank or 0 for work in valid])
    head = Text(f"投标{len(works)}个，有效{len(valid)}个", f"{len(works)} bids, {len(valid)} of them valid")
    return Ranking(
        formula["id"],
        tuple(results),
        first[0] if len(first) == 1 else None,
        ties,
        base,
        (head, *lines, *_tie_lines(formula, ties), *keeping),
        last,
    )


def _ready(formula: Mapping[str, Any], bids: Sequence[BidFacts]) -> None:
    """What the formula needs and does not have yet: a drawn coefficient, a price."""
    if to_draw(formula)[0]:
        raise bad("price.score.benchmark.reduction", "浮动系数还没有抽取", "the float coefficient is not drawn yet")
    for bid in bids if needs_price(formula) else ():
        if bid.price <= 0:
            raise bad(
                f"bids.{bid.bid}",
                "没有报价",
                "there is no price",
                passes=Text("以分计的正整数", "a positive integer in fen"),
            )


def _distinct(names: list[str], at: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise bad(at, f"“{name}”重复", f"“{name}” stands twice")
        seen.add(name)


def _begin(bid: BidFacts, formula: Mapping[str, Any]) -> _Work:
    if bid.price == 0:
        return _Work(bid, 0, Fraction(0), [], bid.rejected)
    price = formula.get("price") or {}
    quote, steps, refused = _corrected(bid)
    final = quote if steps and not refused else None
    value, lines = evaluated(
        bid, price.get("stacking", "multiplicative"), final=final, more=priced(formula, bid.deviations, quote)
    )
    if value <= 0:
        raise bad(f"bids.{bid.bid}", "评审价不大于零", "the price for evaluation is not above zero")
    return _Work(bid, quote, value, [lines[0], *steps, *lines[1:]], bid.rejected or refused or outside(quote, price))


def _corrected(bid: BidFacts) -> tuple[int, list[Text], tuple[Text, ...]]:
    """The price that counts, how it was corrected, and why the bid is invalid where the tenderer did not confirm it."""
    if bid.correction is None:
        return bid.price, [], ()
    from yiwang.kernel import corrections  # its law is a file, which nothing else here needs

    order = corrections.order(bid.correction["order"])
    found = corrections.correct(
        order, bid.price, corrections.read_figures(bid.correction["figures"], f"bids.{bid.bid}.correction.figures")
    )
    steps = [step.line for step in found.steps]
    if bid.correction["confirmed"]:
        return found.price, steps, ()
    shown = money(Fraction(found.price))
    said = Text(f"投标人没有确认修正后的报价 {shown} 元，投标无效（{order.confirm_article}）",
                f"the tenderer did not confirm the corrected price CNY {shown}: the bid is invalid ({order.confirm_article})")  # fmt: skip
    return bid.price, steps, (said,)


def _score(formula: Mapping[str, Any], works: list[_Work], sheets: Sequence[Sheet]) -> None:
    """Average each criterion over the evaluators; reject bids under a pass mark."""
    criteria = formula.get("criteria") or ()
    if not criteria:
        return
    scored = [work for work in works if not work.rejected]
    names = {work.facts.bid for work in scored}
    allowed = names | {work.facts.bid for work in works}
    if scored and not sheets:
        raise bad("sheets", "没有评分表", "there are no score sheets")
    for sheet in sheets:
        verdict = check_sheet(formula, sheet, names | (allowed & sheet.scores.keys()))
        if not verdict:
            raise BadInput(*verdict.reasons)
    ordered = sorted(sheets, key=lambda item: item.evaluator)
    for work in scored:
        given = [sheet.scores[work.facts.bid] for sheet in ordered]
        for row in criteria:
            key = row["key"]
            _criterion(formula, row, work, [scores[key] for scores in given])
    for work in scored if formula.get("groups") else ():
        work.groups, lines, failed = grouped(formula, work.scores, lambda value: _shown(formula, value))
        work.lines += lines
        if failed is not None and not work.rejected:
            work.rejected = (failed,)


def _criterion(formula: Mapping[str, Any], row: Mapping[str, Any], work: _Work, values: list[Decimal]) -> None:
    drop = row.get("drop") or {}
    low, high = drop.get("lowest", 0), drop.get("highest", 0)
    values.sort()
    kept = values[low : len(values) - high]
    if not kept:
        raise bad(
            "sheets",
            f"评委{len(values)}人，去掉最高最低后没有剩余",
            f"of {len(values)} evaluators none is left after dropping",
        )
    above, below = sum(kept, Decimal(0)).as_integer_ratio()
    mean = Fraction(above, below * len(kept))
    shown = _shown(formula, mean)
    work.scores[row["key"]], work.shown[row["key"]] = mean, shown
    name = row.get("name") or {}
    zh, en = name.get("zh", row["key"]), name.get("en", row["key"])
    sum_ = f"({' + '.join(map(str, kept))}) ÷ {len(kept)} = {shown}"
    if low or high:
        zh, en = f"{zh}（去掉{high}个最高、{low}个最低）", f"{en} (highest {high} and lowest {low} left out)"
    work.lines.append(Text(f"{zh}：{sum_}", f"{en}: {sum_}"))
    if row.get("pass") is not None and mean < Fraction(str(row["pass"])) and not work.rejected:
        work.rejected = (
            Text(
                f"{zh} {shown} 分，低于及格线 {row['pass']} 分", f"{en}: {shown} is under the pass mark {row['pass']}"
            ),
        )


def _shown(formula: Mapping[str, Any], value: Fraction) -> Decimal:
    rounding = formula.get("rounding") or {}
    return rounded(value, rounding.get("places", 2), rounding.get("mode", "half_up"))


def _price_scores(formula: Mapping[str, Any], valid: list[_Work]) -> tuple[Fraction | None, list[Text]]:
    price = formula.get("price") or {}
    score = price.get("score")
    if not score or not valid:
        return None, []
    base, lines = reference(score, [work.price for work in valid], price.get("ceiling"))
    for work in valid:
        work.price_score = price_score(score, work.price, base)
        work.price_shown = _shown(formula, work.price_score)
        work.lines.append(price_line(score, work.price, base, work.price_shown))
    return base, lines


def _total(formula: Mapping[str, Any], work: _Work) -> Fraction:
    """The total that ranks: exact, or the sum of the parts as shown when the documents say so."""
    if work.total is None:
        work.total = _summed(formula, work)
    return work.total


def _summed(formula: Mapping[str, Any], work: _Work) -> Fraction:
    if (formula.get("rounding") or {}).get("rank_by", "exact") == "shown":
        return Fraction(sum(_parts(formula, work), Decimal(0)))
    return _sum(
        [*(work.scores[key] for key in _alone(formula)), *work.groups.values(), work.price_score or Fraction(0)]
    )


def _sum(values: Sequence[Fraction]) -> Fraction:
    """The sum over one common denominator: for sixty criteria far quicker than adding fraction by fraction."""
    below = lcm(*(value.denominator for value in values))
    return Fraction(sum(value.numerator * (below // value.denominator) for value in values), below)


def _alone(formula: Mapping[str, Any]) -> list[str]:
    """Criteria that stand in no group."""
    return [row["key"] for row in formula.get("criteria") or () if row.get("group") is None]


def _parts(formula: Mapping[str, Any], work: _Work) -> list[Decimal]:
    """The scores of the parts as shown: criteria, groups with their weight, the price."""
    shown = [work.shown[key] for key in _alone(formula)] + [_shown(formula, value) for value in work.groups.values()]
    return [*shown, *([] if work.price_shown is None else [work.price_shown])]


def _rank(formula: Mapping[str, Any], valid: list[_Work]) -> tuple[tuple[str, ...], ...]:
    """Set each valid bid's rank (1, 1, 3 ...) and give the groups of equal rank."""
    ways = formula.get("ties", ["reported"])
    for work in valid:
        if formula["rank_by"] == "pass":
            work.rank = 1  # all that pass are equal; nothing is left to part
            continue
        first = work.price if formula["rank_by"] == "price" else -_total(formula, work)
        work.key = (first, *(_tie_key(way, work) for way in ways))
    if formula["rank_by"] == "pass":
        return ()
    valid.sort(key=lambda work: (work.key, work.facts.bid))
    groups: dict[tuple[Any, ...], list[str]] = {}
    for place, work in enumerate(valid, start=1):
        work.rank = valid[place - 2].rank if place > 1 and valid[place - 2].key == work.key else place
        groups.setdefault(work.key, []).append(work.facts.bid)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def _tie_key(way: str, work: _Work) -> int:
    if way == "lower_price":
        return work.quote
    if way == "earlier":
        return work.facts.order
    return work.facts.lot or 0 if way == "drawn" else 0


def _tie_lines(formula: Mapping[str, Any], ties: tuple[tuple[str, ...], ...]) -> list[Text]:
    lines = []
    for group in ties:
        names = "、".join(group)
        if "drawn" in formula.get("ties", ["reported"]):
            lines.append(
                Text(f"{names} 并列，由抽签确定先后", f"{', '.join(group)} are equal; lots decide their order")
            )
        else:
            lines.append(
                Text(f"{names} 并列，办法本身不分先后", f"{', '.join(group)} are equal; the formula does not part them")
            )
    return lines


def _result(formula: Mapping[str, Any], work: _Work, low: tuple[Text, ...]) -> BidResult:
    by_score = formula["rank_by"] == "score"
    total = _total(formula, work) if by_score and work.rank is not None else None
    lines = list(work.lines)
    if formula["rank_by"] == "pass" and work.rank is not None:
        lines.append(Text("符合全部要求，通过", "meets all requirements: passes"))
    if total is not None:
        sum_ = f"{' + '.join(map(str, _parts(formula, work)))} → {_shown(formula, total)}"
        lines.append(Text(f"总分 {sum_}", f"total {sum_}"))
    return BidResult(
        bid=work.facts.bid,
        price=work.quote,
        evaluated=work.price,
        price_score=work.price_shown,
        scores=work.shown,
        total=None if total is None else _shown(formula, total),
        exact=total if by_score else (work.price if work.rank is not None else None),
        rank=work.rank,
        rejected=work.rejected,
        abnormal=low,
        lines=tuple(lines),
    )


def evaluate_json(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same on JSON: ``{formula, bids, sheets}`` in, the ranking's JSON form out. BadInput as :func:`evaluate`."""
    if (
        not isinstance(data, Mapping)
        or not isinstance(data.get("formula"), Mapping)
        or not isinstance(data.get("bids"), Sequence)
    ):
        raise bad("formula", "须有 formula 和 bids", "formula and bids are needed")
    bids = [BidFacts.from_json(item, f"bids[{number}]") for number, item in enumerate(data["bids"])]
    sheets = [Sheet.from_json(item, f"sheets[{number}]") for number, item in enumerate(data.get("sheets") or ())]
    return evaluate(data["formula"], bids, sheets).to_json()


def outlying(values: Mapping[str, Decimal], threshold: Decimal = Decimal("0.2")) -> dict[str, Decimal]:
    """Evaluators whose score differs from the median by more than ``threshold`` of it, with the deviation in percent.

    Worth a look, never a finding: an outlying score may be the right one.
    """
    ordered = sorted(values.values())
    if not ordered:
        return {}
    middle = len(ordered) // 2
    median = Fraction(ordered[middle]) if len(ordered) % 2 else Fraction(ordered[middle - 1] + ordered[middle]) / 2
    if median == 0:
        return {}
    found = {}
    for name, value in values.items():
        off = (Fraction(value) - median) / median
        if abs(off) > Fraction(threshold):
            found[name] = rounded(off * 100, 1)
    return found


def with_lots(bids: Sequence[BidFacts], lots: Mapping[str, int]) -> list[BidFacts]:
    """The bids with the places that a drawing of lots gave them."""
    return [replace(bid, lot=lots.get(bid.bid, bid.lot)) for bid in bids]
