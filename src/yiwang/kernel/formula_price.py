"""The price part of a formula: price for evaluation, bounds, benchmark, price score, abnormally low prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from yiwang.kernel.formula_facts import BidFacts
from yiwang.kernel.money import yuan
from yiwang.kernel.text import Text


def rounded(value: Fraction, places: int, mode: str = "half_up") -> Decimal:
    """A fraction rounded to ``places`` decimals: ``half_up`` (away from zero), ``half_even`` or ``down``."""
    whole = value.denominator
    units, rest = divmod(abs(value.numerator) * 10**places, whole)
    double = 2 * rest
    if (mode == "half_up" and double >= whole) or (
        mode == "half_even" and (double > whole or (double == whole and units % 2))
    ):
        units += 1
    return Decimal(-units if value < 0 else units).scaleb(-places)


def money(fen: Fraction) -> str:
    """An amount in yuan with thousands separators; a fraction of a fen is rounded half up for showing."""
    return yuan(int(rounded(fen, 0)))


def percent(rate: Decimal | Fraction) -> str:
    """0.15 as ``15%``, 0.125 as ``12.5%``."""
    value = rounded(Fraction(rate) * 100, 4).normalize()
    return f"{value:f}%"


def evaluated(
    bid: BidFacts, stacking: str, *, final: int | None = None, more: Sequence[tuple[Text, Fraction]] = ()
) -> tuple[Fraction, list[Text]]:
    """The price for evaluation only, exact fen, and how it comes about.

    Args:
        final: the corrected price, where the quote was corrected. more: priced deviations: what each adds, exact fen.
    """
    price, lines = Fraction(bid.price if final is None else final), []
    quote = Text(f"投标报价 {yuan(bid.price)} 元", f"quote CNY {yuan(bid.price)}")
    if final is not None:
        lines.append(quote)
        quote = Text(f"修正后的报价 {yuan(final)} 元", f"corrected price CNY {yuan(final)}")
    if bid.deductions:
        rates = [Fraction(item.rate) for item in bid.deductions]
        if stacking == "additive":
            factor = 1 - sum(rates, Fraction(0))
            steps = "(1 - " + " - ".join(percent(rate) for rate in rates) + ")"
        else:
            factor = Fraction(1)
            for rate in rates:
                factor *= 1 - rate
            steps = " × ".join(f"(1 - {percent(rate)})" for rate in rates)
        price *= factor
        lines.append(
            Text(
                f"{quote.zh}，政策扣除 × {steps} = {money(price)} 元",
                f"{quote.en}, policy deduction × {steps} = CNY {money(price)}",
            )
        )
    else:
        lines.append(quote)
    for item in bid.adjustments:
        price += item.fen
        sign, size = ("+", item.fen) if item.fen >= 0 else ("-", -item.fen)
        lines.append(
            Text(
                f"{item.name.zh} {sign} {yuan(size)} = {money(price)} 元",
                f"{item.name.en} {sign} {yuan(size)} = CNY {money(price)}",
            )
        )
    for name, amount in more:
        price += amount
        lines.append(Text(f"{name.zh}，加上后为 {money(price)} 元", f"{name.en}, added: CNY {money(price)}"))
    if bid.adjustments or bid.deductions or more:
        stays = Text("投标报价", "quote") if final is None else Text("修正后的报价", "corrected price")
        lines.append(
            Text(
                f"评审价 {money(price)} 元（只用于评审，合同价仍为{stays.zh}）",
                f"price for evaluation CNY {money(price)} (the contract price stays the {stays.en})",
            )
        )
    return price, lines


def outside(quote: int, price: Mapping[str, Any]) -> tuple[Text, ...]:
    """Why a quote (fen) lies outside the bounds; empty when it does not."""
    ceiling, minimum = price.get("ceiling"), price.get("minimum")
    if ceiling is not None and quote > ceiling:
        return (
            Text(
                f"报价 {yuan(quote)} 元高于最高限价 {yuan(ceiling)} 元",
                f"the quote CNY {yuan(quote)} is above the ceiling CNY {yuan(ceiling)}",
            ),
        )
    if minimum is not None and quote < minimum:
        return (
            Text(
                f"报价 {yuan(quote)} 元低于最低限价 {yuan(minimum)} 元",
                f"the quote CNY {yuan(quote)} is below the minimum CNY {yuan(minimum)}",
            ),
        )
    return ()


def reference(score: Mapping[str, Any], prices: Sequence[Fraction], ceiling: int | None) -> tuple[Fraction, list[Text]]:
    """The price that price scores are measured against, from the valid bids' prices, and how it comes about."""
    if score["method"] == "ratio":
        lowest = min(prices)
        return lowest, [
            Text(
                f"评标基准价 = 最低评审价 = {money(lowest)} 元",
                f"reference price = lowest price for evaluation = CNY {money(lowest)}",
            )
        ]
    rule = score["benchmark"]
    base, lines = _base(rule, sorted(prices))
    weight = Fraction(str(rule.get("ceiling_weight", "0")))
    cut = Fraction(str(rule.get("reduction", "0")))
    value = base
    if weight and ceiling is not None:
        value = ceiling * weight + base * (1 - weight)
        mix = f"{yuan(ceiling)} × {percent(weight)} + {money(base)} × {percent(1 - weight)} = {money(value)}"
        lines.append(Text(f"最高限价 {mix} 元", f"ceiling {mix} CNY"))
    result = value * (1 - cut)
    lines.append(
        Text(
            f"评标基准价 = {money(value)} × (1 - {percent(cut)}) = {money(result)} 元",
            f"benchmark = {money(value)} × (1 - {percent(cut)}) = CNY {money(result)}",
        )
    )
    return result, lines


def _base(rule: Mapping[str, Any], ordered: list[Fraction]) -> tuple[Fraction, list[Text]]:
    if rule["base"] == "lowest" or len(ordered) == 1:
        return ordered[0], [Text(f"最低评审价 {money(ordered[0])} 元", f"lowest price CNY {money(ordered[0])}")]
    if rule["base"] == "second_lowest":
        return ordered[1], [Text(f"次低评审价 {money(ordered[1])} 元", f"second lowest price CNY {money(ordered[1])}")]
    rows = [row for row in rule.get("trim") or () if len(ordered) >= row["from"]]
    row = max(rows, key=lambda item: item["from"]) if rows else {}
    high, low = row.get("highest", 0), row.get("lowest", 0)
    kept = ordered[low : len(ordered) - high]
    mean = sum(kept, Fraction(0)) / len(kept)
    lines = []
    if high or low:
        lines.append(
            Text(
                f"有效报价{len(ordered)}个，去掉{high}个最高、{low}个最低",
                f"{len(ordered)} valid quotes; the highest {high} and the lowest {low} are left out",
            )
        )
    shown = " + ".join(money(item) for item in kept)
    lines.append(
        Text(f"平均值 ({shown}) ÷ {len(kept)} = {money(mean)} 元", f"mean ({shown}) ÷ {len(kept)} = CNY {money(mean)}")
    )
    return mean, lines


def price_score(score: Mapping[str, Any], price: Fraction, base: Fraction) -> Fraction:
    """The price score, exact, not below zero."""
    full = Fraction(str(score["weight"]))
    if score["method"] == "ratio":
        return base / price * full
    deviation = (price - base) / base * 100
    return max(Fraction(0), full - abs(deviation) * Fraction(_rate(score, deviation)))


def _rate(score: Mapping[str, Any], deviation: Fraction) -> str:
    return str(score["above"] if deviation > 0 else score["below"])


def price_line(score: Mapping[str, Any], price: Fraction, base: Fraction, shown: Decimal) -> Text:
    """The arithmetic of a price score, with the score as shown."""
    if score["method"] == "ratio":
        line = f"{money(base)} ÷ {money(price)} × {score['weight']} = {shown}"
        return Text(f"价格分 = {line}", f"price score = {line}")
    deviation = (price - base) / base * 100
    off = rounded(deviation, 4)
    line = f"{score['weight']} - {abs(off)} × {_rate(score, deviation)} = {shown}"
    floor_zh, floor_en = ("，不足零按零计", ", not below zero") if shown == 0 else ("", "")
    return Text(f"偏差率 {off}%，价格分 = {line}{floor_zh}", f"deviation {off} %, price score = {line}{floor_en}")


def abnormally_low(
    rule: Mapping[str, Any], quotes: Mapping[str, int], ceiling: int | None
) -> dict[str, tuple[Text, ...]]:
    """Which quotes call for a review as abnormally low, and why (财库〔2026〕2号). No rejection by itself."""
    found: dict[str, tuple[Text, ...]] = {}
    if not quotes:
        return found
    mean = Fraction(sum(quotes.values()), len(quotes))
    ordered = sorted(quotes.values())
    for bid, quote in quotes.items():
        limits = [("mean", mean, Text("有效报价平均值", "the mean of the valid quotes"))]
        higher = next((item for item in ordered if item > quote), None)
        if higher is not None and quote == ordered[0] and ordered.count(quote) == 1:
            limits.append(("next_lowest", Fraction(higher), Text("次低报价", "the next lowest quote")))
        if ceiling is not None:
            limits.append(("ceiling", Fraction(ceiling), Text("最高限价", "the ceiling")))
        reasons = []
        for key, whole, name in limits:
            part = rule.get(key)
            if part is not None and quote < whole * Fraction(str(part)):
                line = f"{money(whole)} × {percent(Decimal(str(part)))} = {money(whole * Fraction(str(part)))}"
                reasons.append(
                    Text(
                        f"报价 {yuan(quote)} 元低于{name.zh} {line} 元",
                        f"quote CNY {yuan(quote)} is below {name.en}: {line}",
                    )
                )
        if reasons:
            found[bid] = tuple(reasons)
    return found
