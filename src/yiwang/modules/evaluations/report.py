"""The evaluation report (评标报告): what the formula gives from the opened bids, the sheets and the findings."""

from __future__ import annotations

from typing import Any

from yiwang.kernel import evaluation_facts, formulas
from yiwang.kernel.canonical import digest
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evaluations import changes, prices
from yiwang.modules.evaluations.rules import contents, scores_of
from yiwang.modules.tenders.selectors import law_of


def opened(tender: Any) -> list[Any]:
    """The bids that are evaluated: those that opened, by price and commitment."""
    return [bid for bid in bids.opened(tender) if bid.standing == "opened"]


def claimed(tender: Any, bid: Any) -> dict[str, str]:
    """The policy deductions that a bid claims: code -> statement."""
    return evaluation_facts.claims(tender.formula, (bid.manifest or {}).get("answers", {}))


def ranking(tender: Any, sheets: list[dict[str, Any]]) -> tuple[list[formulas.BidFacts], formulas.Ranking]:
    """Bids as the formula reads them, and their ranking."""
    drawn, reviews, changed = tender.opening.drawn, prices.reviews(tender), changes.changes(tender)
    facts = [
        evaluation_facts.bid_facts(
            tender.formula,
            {"bid": bid.chain, "price": bid.price, "claims": claimed(tender, bid)},
            order,
            sheets,
            reviews=reviews,
            changes=changed,
            lots=drawn.get("order", ()),
        )
        for order, bid in enumerate(opened(tender))
    ]
    formula = formulas.with_drawn(tender.formula, drawn.get("coefficient"))
    return facts, formulas.evaluate(formula, facts, [scores_of(sheet) for sheet in sheets])


def report_content(tender: Any) -> dict[str, Any]:
    """The report as the formula gives it: canonical JSON, recomputable. All sheets must be in."""
    sheets = contents(tender) or []
    facts, found = ranking(tender, sheets)
    reviews, changed = prices.reviews(tender), changes.changes(tender)
    drawn, law = tender.opening.drawn, law_of(tender)
    separate = law.award == "separate"
    return {
        "tender": tender.number,
        "formula": tender.formula,
        **({"drawn": {"coefficient": drawn["coefficient"], "order": drawn["order"]}} if drawn.get("seed") else {}),
        "bids": [fact.to_json() for fact in facts],
        "sheets": [digest(sheet) for sheet in sheets],
        **({"price_changes": changed} if changed else {}),
        **({"low_prices": reviews} if reviews else {}),
        "ranking": found.to_json(),
        "candidates": [
            {
                **_candidate(tender, row),
                **({"opinions": evaluation_facts.opinions(row["bid"], sheets)} if separate else {}),
            }
            for row in evaluation_facts.recommended(found, law.candidates_most, separate=separate)
        ],
    }


def _candidate(tender: Any, row: dict[str, Any]) -> dict[str, Any]:
    bid = next(each for each in opened(tender) if each.chain == row["bid"])
    named = {"bid": bid.chain, "tenderer": bid.tenderer.uscc, "name": bid.tenderer.name, **bid.joint_facts}
    return {**named, "price": row["price"], "total": row["total"], "rank": row["rank"]}
