"""Weighted groups of criteria, policy deductions that a tender allows, and how many of a ranking are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from yiwang.kernel.errors import BadInput
from yiwang.kernel.formula_facts import decimal, share, whole
from yiwang.kernel.text import Text

Tell = Callable[..., None]
Take = Callable[[Callable[..., Any], Any, str], Any]
_GROUP = ("key", "name", "weight", "pass")
_DEDUCTION = ("code", "name", "rate", "article")


def check_groups(formula: Mapping[str, Any], tell: Tell, take: Take) -> None:
    """Each group has a key, a weight from 0 to 1 and criteria; each criterion's group is there."""
    keys: set[str] = set()
    for number, row in enumerate(_rows(formula, "groups", tell)):
        at = f"groups[{number}]"
        if not _known(row, _GROUP, at, tell) or not isinstance(row.get("key"), str):
            tell(at, "须有 key", "needs a key")
            continue
        if row["key"] in keys:
            tell(f"{at}.key", "重复", "stands twice")
        keys.add(row["key"])
        weight = take(decimal, row.get("weight"), f"{at}.weight")
        if weight is not None and not 0 < weight <= 1:
            tell(f"{at}.weight", "权重须大于0、不超过1", "the weight must be above 0 and at most 1")
        members = [item for item in formula.get("criteria") or () if isinstance(item, Mapping) and item.get("group") == row["key"]]
        if not members:
            tell(at, "没有评分项", "holds no criterion")
        elif row.get("pass") is not None:
            least = take(decimal, row["pass"], f"{at}.pass")
            if least is not None and not 0 <= least <= _most(members):
                tell(f"{at}.pass", "及格线须在0与满分之间", "the pass mark must lie between 0 and the full score")
    for number, item in enumerate(formula.get("criteria") or ()):
        if isinstance(item, Mapping) and item.get("group") is not None and item["group"] not in keys:
            tell(f"criteria[{number}].group", "没有这一组", "there is no such group")


def check_deductions(formula: Mapping[str, Any], tell: Tell, take: Take) -> None:
    """Codes once each, rates from 0 to below 1; added together they must leave something of the price."""
    price, codes, total = formula.get("price") or {}, set(), Decimal(0)
    for number, row in enumerate(_rows(price, "deductions", tell, "price.")):
        at = f"price.deductions[{number}]"
        code = row.get("code") if _known(row, _DEDUCTION, at, tell) else None
        if not isinstance(code, str) or not code.isidentifier() or not code.isascii():
            tell(at, "须有 ASCII 的 code", "needs an ASCII code")
            continue
        if code in codes:
            tell(f"{at}.code", "重复", "stands twice")
        codes.add(code)
        total += take(share, row.get("rate"), f"{at}.rate") or Decimal(0)
    if price.get("stacking") == "additive" and total >= 1:
        tell("price.deductions", f"相加的扣除合计{total}，评审价会是零或负数，无法相除",
             f"deductions add up to {total}; the price for evaluation would be zero or less, and nothing divides by it")


def check_keep(formula: Mapping[str, Any], tell: Tell, take: Take) -> None:
    """How many are kept of a ranking: a share that drops out, a largest number."""
    keep = formula.get("keep")
    if keep is None:
        return
    take(share, keep.get("drop", "0"), "keep.drop")
    for key in ("most", "least_dropped"):
        if key in keep and (number := take(whole, keep[key], f"keep.{key}")) is not None and number < (1 if key == "most" else 0):
            tell(f"keep.{key}", "数目太小", "the number is too small")


def _rows(holder: Mapping[str, Any], key: str, tell: Tell, at: str = "") -> Sequence[Any]:
    rows = holder.get(key) or ()
    if isinstance(rows, list | tuple):
        return rows
    tell(f"{at}{key}", "须为列表", "must be a list")
    return ()


def _known(row: Any, allowed: tuple[str, ...], at: str, tell: Tell) -> bool:
    if not isinstance(row, Mapping):
        return False
    for key in row:
        if key not in allowed:
            tell(f"{at}.{key}", "不认识这一项", "is not known")
    return True


def _most(members: Sequence[Mapping[str, Any]]) -> Decimal:
    try:
        return sum((decimal(item.get("most"), "most") for item in members), Decimal(0))
    except BadInput:
        return Decimal(0)


def full_scores(formula: Mapping[str, Any]) -> list[Decimal]:
    """Full scores of all parts but the price, each with its group's weight; they must add up to the total."""
    weights = {row["key"]: decimal(row["weight"], "weight") for row in formula.get("groups") or ()}
    return [decimal(row["most"], "most") * weights.get(row.get("group"), Decimal(1)) for row in formula.get("criteria") or ()]


def grouped(
    formula: Mapping[str, Any], scores: Mapping[str, Fraction], show: Callable[[Fraction], Decimal]
) -> tuple[dict[str, Fraction], list[Text], Text | None]:
    """Weighted scores of the groups, the arithmetic, and why the bid fails a group's pass mark (None when it does not)."""
    found: dict[str, Fraction] = {}
    lines, failed = [], None
    for group in formula.get("groups") or ():
        keys = [row["key"] for row in formula["criteria"] if row.get("group") == group["key"]]
        plain = sum((scores[key] for key in keys), Fraction(0))
        found[group["key"]] = plain * Fraction(str(group["weight"]))
        sum_ = " + ".join(str(show(scores[key])) for key in keys)
        shown = f"({sum_}) × {group['weight']} = {show(found[group['key']])}"
        zh, en = _names(group)
        lines.append(Text(f"{zh}：{shown}", f"{en}: {shown}"))
        if group.get("pass") is not None and plain < Fraction(str(group["pass"])) and failed is None:
            failed = Text(f"{zh} {show(plain)} 分，低于及格线 {group['pass']} 分", f"{en}: {show(plain)} is under the pass mark {group['pass']}")
    return found, lines, failed


def _names(row: Mapping[str, Any]) -> tuple[str, str]:
    name = row.get("name") or {}
    return name.get("zh", row["key"]), name.get("en", row["key"])


def kept(formula: Mapping[str, Any], ranks: Sequence[int]) -> tuple[int | None, list[Text]]:
    """Up to which rank bids are kept, and how that comes about; None when the formula says nothing of it.

    At least the share ``drop`` of the ranked bids (rounded up) and ``least_dropped`` (1) drop out; a group of equal rank
    that reaches over the border drops out with the rest, else fewer than the law asks would.

    Args:
        ranks: of all ranked bids, ascending.
    """
    keep = formula.get("keep")
    if keep is None:
        return None, []
    count, part = len(ranks), Fraction(str(keep.get("drop", "0")))
    dropped = max(-int(-count * part // 1), int(keep.get("least_dropped", 1 if part else 0)))
    places = max(0, min(count - dropped, keep.get("most", count)))
    last = max((rank for rank in ranks if rank + ranks.count(rank) - 1 <= places), default=0)
    staying = sum(rank <= last for rank in ranks)
    rate = f"{Fraction(part * 100)}%"
    return last, [Text(f"有效{count}家，至少淘汰{rate}即{dropped}家，入围{staying}家",
                       f"{count} valid; at least {rate}, that is {dropped}, drop out; {staying} are kept")]


def needs_price(formula: Mapping[str, Any]) -> bool:
    """Whether a bid without a price could not be evaluated: prequalification and the like need none."""
    price = formula.get("price") or {}
    return (
        formula.get("rank_by") == "price"
        or bool(price.get("score"))
        or any(price.get(key) is not None for key in ("ceiling", "minimum"))
        or "lower_price" in formula.get("ties", ())
    )


def to_draw(formula: Mapping[str, Any]) -> tuple[tuple[str, ...], bool]:
    """What must be drawn in public before the formula can be used: coefficients to choose from, and whether lots for ties."""
    rule = (((formula.get("price") or {}).get("score") or {}).get("benchmark")) or {}
    choices = tuple(rule.get("choices") or ()) if rule and "reduction" in rule and rule["reduction"] is None else ()
    return choices, "drawn" in (formula.get("ties") or ())


def with_drawn(formula: Mapping[str, Any], coefficient: str | None) -> dict[str, Any]:
    """The formula with the drawn float coefficient in its place."""
    if coefficient is None:
        return dict(formula)
    price = formula["price"]
    score = price["score"]
    return {**formula, "price": {**price, "score": {**score, "benchmark": {**score["benchmark"], "reduction": coefficient}}}}
