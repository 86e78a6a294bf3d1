"""The report of a procurement without a committee: the quotes ranked by the published formula alone.

Used by single-source procurement and by orders under framework agreements (``negotiation.settle``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yiwang.kernel import formulas
from yiwang.kernel.text import Text
from yiwang.modules.evaluations.models import Report
from yiwang.modules.tenders.selectors import law_of


def content(
    tender: Any, quotes: list[Any], agreed: int | None = None, *, rejected: Mapping[str, Text] | None = None
) -> dict[str, Any]:
    """The report as anybody can recompute it from the opening record.

    Args:
        quotes: the opened bids. agreed: the negotiated price in fen, which takes the place of the one quote.
        rejected: why quotes do not count, by bid.
    """
    why = rejected or {}
    facts = [
        formulas.BidFacts(
            bid.chain,
            bid.price if agreed is None else agreed,
            (why[bid.chain],) if bid.chain in why else (),
            order=order,
        )
        for order, bid in enumerate(quotes)
    ]
    ranking = formulas.evaluate(tender.formula, facts, [])
    bidders = {bid.chain: bid for bid in quotes}
    return {
        "tender": tender.number,
        "formula": tender.formula,
        "bids": [fact.to_json() for fact in facts],
        "sheets": [],
        "ranking": ranking.to_json(),
        "candidates": [
            {
                "bid": row.bid,
                "tenderer": bidders[row.bid].tenderer.uscc,
                "name": bidders[row.bid].tenderer.name,
                **bidders[row.bid].joint_facts,
                "price": row.price,
                "total": None if row.total is None else str(row.total),
                "rank": row.rank,
            }
            for row in ranking.candidates(law_of(tender).candidates_most)
        ],
        **({} if agreed is None else {"agreed": agreed}),
    }


def keep(tender: Any, said: dict[str, Any], sha256: str, at: datetime) -> Report:
    """The report, made and final at once."""
    return Report.objects.create(tender=tender, content=said, sha256=sha256, made_at=at, signed_at=at)
