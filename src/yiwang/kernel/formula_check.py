"""Whether a formula and a score sheet are sound, told when they are typed and never first at the award."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from yiwang.kernel.deviations import check_deviations
from yiwang.kernel.errors import BadInput
from yiwang.kernel.formula_facts import Sheet, decimal, share, whole
from yiwang.kernel.formula_groups import check_deductions, check_groups, check_keep, full_scores
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Reason, Verdict, no

TIES = ("lower_price", "earlier", "drawn", "reported")
"""How equal bids part: the lower quote, the earlier bid in the log, a drawing of lots, or not by the formula."""
ROUNDINGS = ("half_up", "half_even", "down")

_SHAPE: dict[str, tuple[str, ...]] = {
    "": (
        "id",
        "version",
        "rank_by",
        "price",
        "criteria",
        "total",
        "ties",
        "rounding",
        "abnormal",
        "groups",
        "keep",
        "deviations",
    ),
    "price": ("ceiling", "minimum", "stacking", "deductions", "score"),
    "price.score": ("method", "weight", "benchmark", "above", "below"),
    "price.score.benchmark": ("trim", "base", "ceiling_weight", "reduction", "choices"),
    "rounding": ("places", "mode", "rank_by"),
    "abnormal": ("mean", "next_lowest", "ceiling"),
    "keep": ("drop", "most", "least_dropped"),
}
RANKINGS = ("price", "score", "pass")
"""What bids are ranked by: the price for evaluation, the total score, or nothing: all that pass are equal."""


def check_formula(formula: Mapping[str, Any]) -> Verdict:
    """All that is wrong with a formula: unknown parts, weights that do not add up, divisions by zero, bad ranges."""
    found: list[Reason] = []

    def tell(at: str, zh: str, en: str, passes: Text | None = None) -> None:
        found.append(Reason("formula", Text(f"{at}：{zh}", f"{at}: {en}"), field=at, passes=passes))

    def take(read: Callable[..., Any], value: Any, at: str) -> Any:
        try:
            return read(value, at)
        except BadInput as error:
            found.extend(error.reasons)
            return None

    _shape(formula, tell)
    if found:
        return Verdict(tuple(found))
    if formula.get("rank_by") not in RANKINGS:
        tell("rank_by", "须为 price、score 或 pass", "must be price, score or pass")
    _price(formula, tell, take)
    _criteria(formula, tell, take)
    check_groups(formula, tell, take)
    check_deductions(formula, tell, take)
    check_keep(formula, tell, take)
    check_deviations(formula, tell, take)
    _ties_and_rounding(formula, tell)
    for key, value in (formula.get("abnormal") or {}).items():
        take(share, value, f"abnormal.{key}")
    if not found:
        _weights(formula, tell)
    return Verdict(tuple(found))


Tell = Callable[..., None]
Take = Callable[[Callable[..., Any], Any, str], Any]


def _shape(formula: Mapping[str, Any], tell: Tell) -> None:
    for path, allowed in _SHAPE.items():
        value: Any = formula
        for part in path.split(".") if path else ():
            value = value.get(part) if isinstance(value, Mapping) else None
        if value is None:
            continue
        if not isinstance(value, Mapping):
            tell(path, "须为对象", "must be an object")
            continue
        for key in value:
            if key not in allowed:
                tell(f"{path}.{key}".lstrip("."), "不认识这一项", "is not known")
    if not isinstance(formula.get("criteria", []), Sequence):
        tell("criteria", "须为列表", "must be a list")


def _price(formula: Mapping[str, Any], tell: Tell, take: Take) -> None:
    price = formula.get("price") or {}
    bounds = [
        take(whole, price[key], f"price.{key}") if price.get(key) is not None else None
        for key in ("ceiling", "minimum")
    ]
    ceiling, minimum = bounds
    for key, value in zip(("ceiling", "minimum"), bounds, strict=True):
        if value is not None and value <= 0:
            tell(f"price.{key}", "必须大于零", "must be above zero")
    if ceiling is not None and minimum is not None and minimum > ceiling:
        tell(
            "price.minimum",
            "最低限价高于最高限价，没有报价能够合格",
            "the minimum is above the ceiling; no bid could pass",
        )
    if price.get("stacking", "multiplicative") not in ("multiplicative", "additive"):
        tell("price.stacking", "须为 multiplicative 或 additive", "must be multiplicative or additive")
    score = price.get("score")
    if score is None:
        if formula.get("rank_by") == "score" and not formula.get("criteria"):
            tell("price.score", "按得分排序而没有任何评分项", "ranks by score but scores nothing")
        return
    _above(take(decimal, score.get("weight"), "price.score.weight"), "price.score.weight", tell)
    if score.get("method") == "benchmark":
        _benchmark(formula, score, tell, take)
    elif score.get("method") != "ratio":
        tell("price.score.method", "须为 ratio 或 benchmark", "must be ratio or benchmark")


def _above(value: Decimal | None, at: str, tell: Tell) -> None:
    if value is not None and value <= 0:
        tell(at, "必须大于零", "must be above zero")


def _benchmark(formula: Mapping[str, Any], score: Mapping[str, Any], tell: Tell, take: Take) -> None:
    for key in ("above", "below"):
        value = take(decimal, score.get(key), f"price.score.{key}")
        if value is not None and value < 0:
            tell(f"price.score.{key}", "不得为负", "must not be negative")
    rule = score.get("benchmark") or {}
    at = "price.score.benchmark"
    if rule.get("base") not in ("mean", "lowest", "second_lowest"):
        tell(f"{at}.base", "须为 mean、lowest 或 second_lowest", "must be mean, lowest or second_lowest")
    reduction = rule.get("reduction", "0")
    if reduction is not None:
        reduction = take(share, reduction, f"{at}.reduction")
    elif len(set(map(str, rule.get("choices") or ()))) < 2:
        tell(f"{at}.choices", "浮动系数要抽取，至少应公布两个", "the coefficient is to be drawn: publish at least two")
    choices = [take(share, item, f"{at}.choices[{n}]") for n, item in enumerate(rule.get("choices") or ())]
    if choices and reduction is not None and reduction not in choices:
        tell(f"{at}.reduction", "不在公布的浮动系数之中", "is none of the published coefficients")
    weight = take(decimal, rule.get("ceiling_weight", "0"), f"{at}.ceiling_weight")
    if weight is not None and not 0 <= weight <= 1:
        tell(f"{at}.ceiling_weight", "须在0至1之间", "must be from 0 to 1")
    if weight and (formula.get("price") or {}).get("ceiling") is None:
        tell("price.ceiling", "基准价用到最高限价，须先填写", "the benchmark uses the ceiling, so give it")
    for number, row in enumerate(rule.get("trim") or ()):
        _trim(row, f"{at}.trim[{number}]", tell, take)


def _trim(row: Any, at: str, tell: Tell, take: Take) -> None:
    if not isinstance(row, Mapping):
        tell(at, "须为对象", "must be an object")
        return
    numbers = [take(whole, row.get(key, 0), f"{at}.{key}") for key in ("from", "highest", "lowest")]
    if None in numbers:
        return
    count, high, low = numbers
    if high < 0 or low < 0:
        tell(at, "不得为负", "must not be negative")
    elif high + low >= count:
        tell(
            at,
            f"{count}个报价去掉{high + low}个后没有剩余，无法求平均",
            f"dropping {high + low} of {count} leaves nothing to average",
        )


def _criteria(formula: Mapping[str, Any], tell: Tell, take: Take) -> None:
    seen: set[str] = set()
    for number, row in enumerate(formula.get("criteria") or ()):
        at = f"criteria[{number}]"
        if not isinstance(row, Mapping) or not isinstance(row.get("key"), str) or not row["key"].isascii():
            tell(at, "须有 ASCII 的 key", "needs an ASCII key")
            continue
        for key in row:
            if key not in ("key", "name", "most", "pass", "drop", "places", "objective", "group"):
                tell(f"{at}.{key}", "不认识这一项", "is not known")
        if row["key"] in seen:
            tell(f"{at}.key", "重复", "stands twice")
        seen.add(row["key"])
        most = take(decimal, row.get("most"), f"{at}.most")
        _above(most, f"{at}.most", tell)
        if row.get("pass") is not None:
            least = take(decimal, row["pass"], f"{at}.pass")
            if least is not None and most is not None and not 0 <= least <= most:
                tell(f"{at}.pass", "及格线须在0与满分之间", "the pass mark must lie between 0 and the full score")
        for key in ("highest", "lowest"):
            if (
                dropped := take(whole, (row.get("drop") or {}).get(key, 0), f"{at}.drop.{key}")
            ) is not None and dropped < 0:
                tell(f"{at}.drop.{key}", "不得为负", "must not be negative")


def _ties_and_rounding(formula: Mapping[str, Any], tell: Tell) -> None:
    ties = formula.get("ties", ["reported"])
    if not isinstance(ties, list) or not ties or any(item not in TIES for item in ties):
        tell("ties", f"须为 {'、'.join(TIES)} 的列表", f"must be a list of {', '.join(TIES)}")
    rounding = formula.get("rounding") or {}
    if rounding.get("mode", "half_up") not in ROUNDINGS:
        tell("rounding.mode", f"须为 {'、'.join(ROUNDINGS)} 之一", f"must be one of {', '.join(ROUNDINGS)}")
    if rounding.get("rank_by", "exact") not in ("exact", "shown"):
        tell("rounding.rank_by", "须为 exact 或 shown", "must be exact or shown")
    places = rounding.get("places", 2)
    if isinstance(places, bool) or not isinstance(places, int) or not 0 <= places <= 8:
        tell("rounding.places", "须为0至8的整数", "must be an integer from 0 to 8")


def _weights(formula: Mapping[str, Any], tell: Tell) -> None:
    if formula["rank_by"] != "score":
        return
    total = decimal(formula.get("total", "100"), "total")
    score = (formula.get("price") or {}).get("score")
    parts = full_scores(formula)
    if score:
        parts.append(decimal(score["weight"], "weight"))
    if sum(parts) != total:
        zh, en = f"各项满分合计{sum(parts)}，应为{total}", f"the full scores add up to {sum(parts)}, not {total}"
        tell("criteria", zh, en, Text(f"合计{total}", f"a sum of {total}"))


def require(formula: Mapping[str, Any]) -> None:
    """BadInput with every fault of the formula."""
    verdict = check_formula(formula)
    if not verdict:
        raise BadInput(*verdict.reasons)


def check_sheet(formula: Mapping[str, Any], sheet: Sheet, bids: Iterable[str] | None = None) -> Verdict:
    """Whether a sheet scores every criterion of every bid within its range.

    Args:
        bids: the bids that must be scored, no more and no fewer; None: those that the sheet names.
    """
    rules = [_range(row) for row in formula.get("criteria") or ()]
    known = {key for key, *_ in rules}
    wanted = list(sheet.scores if bids is None else bids)
    found: list[Reason] = []
    fine: dict[str, set[Decimal]] = {key: set() for key, *_ in rules}  # sheets give the same few scores over and over
    for bid in wanted:
        row = sheet.scores.get(bid)
        if row is None:
            found += no(
                "sheet.missing", Text(f"没有给投标 {bid} 评分", f"bid {bid} is not scored"), field=f"scores.{bid}"
            ).reasons
            continue
        for key, most, finest, places in rules:
            value = row.get(key)
            if value in fine[key]:
                continue
            if value is None or not _ZERO <= value <= most or value % finest:
                found.append(_score_fault(f"scores.{bid}.{key}", value, most, places))
            else:
                fine[key].add(value)
        for key in row.keys() - known:
            found.append(
                Reason(
                    "sheet.unknown",
                    Text(f"没有评分项“{key}”", f"there is no criterion “{key}”"),
                    field=f"scores.{bid}.{key}",
                )
            )
    for bid in sheet.scores.keys() - set(wanted):
        found.append(Reason("sheet.unknown", Text(f"没有投标 {bid}", f"there is no bid {bid}"), field=f"scores.{bid}"))
    return Verdict(tuple(found)) if found else YES


_ZERO = Decimal(0)


def _range(row: Mapping[str, Any]) -> tuple[str, Decimal, Decimal, int]:
    """A criterion's key, full score, finest step and number of decimals."""
    places = int(row.get("places", 2))
    return row["key"], Decimal(row["most"]), Decimal(1).scaleb(-places), places


def _score_fault(at: str, value: Decimal | None, most: Decimal, places: int) -> Reason:
    passes = Text(f"0至{most}，最多{places}位小数", f"from 0 to {most}, with at most {places} decimals")
    if value is None:
        return Reason("sheet.missing", Text("缺少得分", "the score is missing"), field=at, passes=passes)
    if not 0 <= value <= most:
        return Reason(
            "sheet.range",
            Text(f"得分{value}超出0至{most}", f"the score {value} is outside 0 to {most}"),
            field=at,
            passes=passes,
        )
    return Reason(
        "sheet.places",
        Text(f"得分{value}超过{places}位小数", f"the score {value} has more than {places} decimals"),
        field=at,
        passes=passes,
    )


def check_objective(formula: Mapping[str, Any], sheets: Sequence[Sheet]) -> Verdict:
    """Whether all evaluators gave the same score where a criterion is objective (Order 87, article 64)."""
    found: list[Reason] = []
    article = "政府采购货物和服务招标投标管理办法 第64条"
    for row in formula.get("criteria") or ():
        if not row.get("objective"):
            continue
        for bid in sorted({bid for sheet in sheets for bid in sheet.scores}):
            values = sorted(
                {sheet.scores[bid][row["key"]] for sheet in sheets if row["key"] in sheet.scores.get(bid, {})}
            )
            if len(values) > 1:
                shown, key = " / ".join(map(str, values)), row["key"]
                message = Text(
                    f"客观项“{key}”对投标 {bid} 的评分不一致：{shown}",
                    f"scores of the objective criterion “{key}” for bid {bid} differ: {shown}",
                )
                found.append(Reason("sheet.objective", message, article=article, field=f"scores.{bid}.{key}"))
    return Verdict(tuple(found))
