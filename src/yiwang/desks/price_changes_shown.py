"""Corrections of prices and priced deviations as pages show them: the arithmetic, the vote, the tenderer's answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from yiwang.kernel import corrections, deviations, price_changes
from yiwang.kernel.amount_words import words_of_fen
from yiwang.kernel.formula_price import money, percent
from yiwang.kernel.money import yuan
from yiwang.kernel.text import Text
from yiwang.modules.evaluations import selectors
from yiwang.modules.evaluations.change_acts import number_of
from yiwang.modules.evaluations.changes import row_of, size_of
from yiwang.modules.evidence.actors import Actor


@dataclass(frozen=True)
class Shown:
    """A proposal: number, whose bid, its kind, the arithmetic, why, how the vote stands, until when the tenderer may answer."""

    number: int
    name: Text
    kind: Text
    lines: tuple[Text, ...]
    reason: str
    stands: Text
    until: datetime | None

    @property
    def choice(self) -> Text:
        """The proposal in a line of a list of choices."""
        return Text(f"{self.number}. {self.name.zh}　{self.kind.zh}", f"{self.number}. {self.name.en}: {self.kind.en}")


def shown(actor: Actor, tender: Any) -> list[Shown]:
    """The proposals that the actor may see."""
    opened = {bid.chain: bid for bid in selectors.opened(tender)}
    found, size = [], size_of(tender)
    for each in selectors.price_changes(actor, tender):
        bid = opened[each.bid]
        lines = (
            corrected(each.content, bid.price)
            if each.kind == "correction"
            else priced(tender, actor, each.content, bid)
        )
        stands = _stands(each, size)
        found.append(
            Shown(number_of(each), bid.party, price_changes.KINDS[each.kind], lines, each.reason, stands, each.until)
        )
    return found


def _stands(change: Any, size: int) -> Text:
    row = row_of(change)
    if change.kind == "correction" and price_changes.accepted(row, size) and change.answered_at is None:
        return Text(
            "过半数评委同意，请投标人书面确认", "more than half agree; the tenderer is asked to confirm in writing"
        )
    return price_changes.told(row, size)


def corrected(content: dict[str, Any], quoted: int) -> tuple[Text, ...]:
    """The arithmetic of a correction and the price that it comes to."""
    found = price_changes.corrected(content, quoted)
    return (
        Text(f"投标报价 {yuan(quoted)} 元", f"quote CNY {yuan(quoted)}"),
        *(step.line for step in found.steps),
        Text(
            f"修正后的报价 {yuan(found.price)} 元（{words_of_fen(found.price)}）",
            f"corrected price CNY {yuan(found.price)}",
        ),
    )


def priced(tender: Any, actor: Actor, units: dict[str, str], bid: Any) -> tuple[Text, ...]:
    """The arithmetic of priced deviations upon the price that counts."""
    quote = selectors.quotes(tender)[bid.chain]
    rows = deviations.priced(tender.formula, deviations.read_quantities(tender.formula, units), quote)
    total = quote + sum((amount for _, amount in rows), Fraction(0))
    return (
        *(line for line, _ in rows),
        Text(f"{yuan(quote)} 元加上折算金额，评审价 {money(total)} 元（未计政策扣除）",
             f"CNY {yuan(quote)} with what is added: CNY {money(total)} for evaluation (before policy deductions)"),
    )  # fmt: skip


def rate(row: dict[str, Any]) -> Text:
    """What a unit of a published deviation adds."""
    if "fen" in row:
        return Text(f"{yuan(row['fen'])} 元", f"CNY {yuan(row['fen'])}")
    share = percent(Decimal(row["of_price"]))
    return Text(f"报价的 {share}", f"{share} of the price")


def standards(formula: dict[str, Any]) -> Text | None:
    """The published standards for pricing deviations in a line; None where there are none."""
    rows = formula.get("deviations") or ()
    zh = [
        f"{row['name']['zh']}：每{row['unit']['zh']}加 {rate(row).zh}，最多 {row['most']} {row['unit']['zh']}"
        for row in rows
    ]
    en = [f"{row['name']['en']}: {rate(row).en} each of at most {row['most']} {row['unit']['en']}" for row in rows]
    return Text("；".join(zh), "; ".join(en)) if zh else None


def bid_choices(tender: Any, *, words: bool = False) -> list[tuple[str, Text]]:
    """The opened bids to choose from, with their price, in words too."""
    found = []
    for bid in selectors.opened(tender):
        if bid.price:
            said = f"（{words_of_fen(bid.price)}）" if words else ""
            price = yuan(bid.price)
            found.append(
                (bid.chain, Text(f"{bid.party.zh}　{price} 元{said}", f"{bid.party.en}: CNY {price} {said}".rstrip()))
            )
    return found


def figures_of(data: dict[str, Any]) -> dict[str, Any]:
    """The figures that a form holds, as :func:`yiwang.kernel.corrections.read_figures` takes them."""
    given = {"words": data.get("words"), "detail": data.get("detail"), "lines": data.get("lines")}
    return {key: value for key, value in given.items() if value not in (None, "", [])}


def order_text(order: corrections.CorrectionOrder) -> list[Text]:
    """The rules of correction in their order, for the top of the page."""
    return [Text(f"{rule.says.zh}（{rule.article}）", f"{rule.says.en} ({rule.article})") for rule in order.rules]
