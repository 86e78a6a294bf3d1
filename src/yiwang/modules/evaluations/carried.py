"""Scores of an earlier round that count in the later one: of two envelopes, what was scored with the first stays as it was
when the price comes in.
"""

from __future__ import annotations

from typing import Any

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evaluations.models import Sheet
from yiwang.modules.experts import selectors as experts
from yiwang.modules.tenders.selectors import law_of

Scores = dict[str, dict[str, str]]


def shared(tender: Any) -> list[str]:
    """Keys of the criteria that both rounds score, judged by the same committee; none for a tender without such a round."""
    rule = law_of(tender).stage if tender.stage_of_id else None
    if rule is None or rule.committee != "same":
        return []
    before = {row["key"] for row in tender.stage_of.formula.get("criteria") or ()}
    return [row["key"] for row in tender.formula.get("criteria") or () if row["key"] in before]


def scores_of(tender: Any, seat: Any) -> Scores:
    """What the evaluator on a seat gave in the earlier round: bid of this round -> criterion -> score.

    Empty for who took the seat since: a new member scores anew.
    """
    keys = shared(tender)
    sheet = Sheet.objects.filter(seat__draw__tender=tender.stage_of_id, seat__expert=seat.expert_id).first() if keys else None
    if sheet is None:
        return {}
    before = {bid.tenderer_id: bid.chain for bid in bids.opened(tender.stage_of)}
    given = sheet.standing["scores"]
    return {
        bid.chain: {key: given[before[bid.tenderer_id]][key] for key in keys}
        for bid in bids.opened(tender)
        if before.get(bid.tenderer_id) in given
    }


def check(tender: Any, sheet: dict[str, Any], number: int) -> None:
    """The scores of the earlier round are not changed now that prices are known.

    Raises:
        BadInput: naming the score.
    """
    if not shared(tender):
        return
    seat = experts.committee(tender).get(number=number)
    for bid, scores in scores_of(tender, seat).items():
        for key, score in scores.items():
            if sheet["scores"].get(bid, {}).get(key) != score:
                raise bad(
                    f"scores.{bid}.{key}", "第一信封已经评定，得分不能改变", "scored with the first envelope; it cannot change now",
                    article="招标投标法 第40条", passes=Text(score, score),
                )  # fmt: skip
