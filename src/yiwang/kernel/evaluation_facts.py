"""From signed sheets and findings to what the formula reads of each bid: the center and the verifier compute it alike.

A sheet is ``{"evaluator", "review": {bid: {"pass", "reason", "deductions"?, "opinion"?}}, "scores"}``. What more than half
of the committee says holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from yiwang.kernel import price_changes
from yiwang.kernel.formula_facts import BidFacts, Deduction, Ranking
from yiwang.kernel.text import Text

CLAIM = "deduction."
"""Answers of a bid whose name begins so claim a policy deduction; the rest of the name is its code, the value the statement."""
UNRANKED = 0
"""Rank of candidates whom a committee recommends without ranking them (评定分离)."""

Row = dict[str, Any]


def claims(formula: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, str]:
    """The deductions that a bid claims and the tender allows: code -> the tenderer's statement."""
    allowed = {row["code"] for row in (formula.get("price") or {}).get("deductions") or ()}
    found = {name.removeprefix(CLAIM): value for name, value in answers.items() if name.startswith(CLAIM)}
    return {
        code: text.strip()
        for code, text in sorted(found.items())
        if code in allowed and isinstance(text, str) and text.strip()
    }


def rejected(bid: str, sheets: Sequence[Row]) -> list[str]:
    """The reasons for which more than half of the committee rejects a bid in the review; empty when it stays."""
    against = [sheet["review"][bid]["reason"] for sheet in sheets if not sheet["review"][bid]["pass"]]
    return against if len(against) * 2 > len(sheets) else []


def unproven(bid: str, reviews: Mapping[str, Row], size: int) -> list[str]:
    """The reasons for which more than half of the committee finds an abnormally low price not proven; empty when it stays.

    Args:
        reviews: bid -> ``{"findings": [{"seat", "proven", "reason"}, ...]}``, by seat.
        size: of the committee.
    """
    findings = reviews.get(bid, {}).get("findings", [])
    against = [each["reason"] for each in findings if not each["proven"]]
    return [f"异常低价未能证明：{reason}" for reason in against] if len(against) * 2 > size else []


def granted(
    formula: Mapping[str, Any], bid: str, claimed: Mapping[str, str], sheets: Sequence[Row]
) -> tuple[Deduction, ...]:
    """The claimed deductions that more than half of the committee accepts, with the rates of the documents."""
    found = []
    for row in (formula.get("price") or {}).get("deductions") or ():
        for_it = sum(row["code"] in sheet["review"][bid].get("deductions", ()) for sheet in sheets)
        if row["code"] in claimed and for_it * 2 > len(sheets):
            found.append(Deduction(row["code"], Decimal(str(row["rate"]))))
    return tuple(found)


def bid_facts(
    formula: Mapping[str, Any],
    row: Mapping[str, Any],
    order: int,
    sheets: Sequence[Row],
    *,
    reviews: Mapping[str, Row],
    changes: Mapping[str, Sequence[Row]] | None = None,
    lots: Sequence[str] = (),
) -> BidFacts:
    """What the formula reads of one bid.

    Args:
        row: ``{"bid", "price", "claims"}`` as the opening record has it. order: its place by price and commitment.
        reviews: see :func:`unproven`. changes: bid -> rows of :mod:`.price_changes`.
        lots: bids in the order that was drawn in public; empty when none was.
    """
    name = row["bid"]
    reasons = rejected(name, sheets) or unproven(name, reviews, len(sheets))
    return BidFacts(
        name,
        row["price"] or 0,
        rejected=tuple(Text(reason, reason) for reason in reasons),
        deductions=granted(formula, name, row.get("claims", {}), sheets),
        order=order,
        lot=lots.index(name) + 1 if name in lots else None,
        **price_changes.facts((changes or {}).get(name, ()), len(sheets)),
    )


def recommended(ranking: Ranking, most: int, *, separate: bool) -> list[Row]:
    """The candidates of a report: the first of the ranking; with 评定分离 the same without rank or order of merit."""
    found = [
        {
            "bid": row.bid,
            "price": row.price or None,
            "total": None if row.total is None else str(row.total),
            "rank": row.rank,
        }
        for row in ranking.candidates(most)
    ]
    if separate:
        found = sorted(({**each, "rank": UNRANKED} for each in found), key=lambda each: str(each["bid"]))
    return found


def rank_words(rank: int | None) -> Text:
    """A candidate's rank in words; with 评定分离 there is none."""
    return Text("不排序", "unranked") if rank == UNRANKED else Text(f"第 {rank} 名", f"rank {rank}")


def opinions(bid: str, sheets: Iterable[Row]) -> list[str]:
    """What the members say of a candidate's strengths, weaknesses and risks, by seat."""
    said = (sheet["review"][bid].get("opinion", "") for sheet in sheets)
    return [each for each in said if each]
