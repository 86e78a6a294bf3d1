"""Whether a score sheet is whole and within its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yiwang.kernel import formulas
from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.text import Text
from yiwang.modules.evaluations.rules import scores_of


def check_sheet(formula: dict[str, Any], sheet: dict[str, Any], seat: int, bids: Mapping[str, Mapping[str, str]], *, separate: bool = False) -> None:
    """Whether a sheet reviews and scores every bid.

    Args:
        bids: for each bid the policy deductions that it claims: code -> statement.
        separate: the committee recommends unranked; then it says what it thinks of each bid that passes (评定分离).

    Raises:
        BadInput: naming each bid or score at fault; rejecting a bid without a reason is one (REG 51: no rejection
            without its ground).
    """
    if set(sheet) != {"evaluator", "review", "scores"} or sheet.get("evaluator") != str(seat):
        raise bad("sheet", "评分表应有本席位的 evaluator、review、scores", "a sheet has evaluator (the own seat), review, scores")
    review = sheet["review"]
    if not isinstance(review, dict) or set(review) != set(bids):
        raise bad("review", "应逐一评审全部投标", "review each bid, no more and no fewer")
    for bid, item in review.items():
        _check_review(bid, item, bids[bid], separate=separate)
    verdict = formulas.check_sheet(formula, scores_of(sheet), list(bids) if formula.get("criteria") else [])
    if not verdict:
        raise BadInput(*verdict.reasons)


def _check_review(bid: str, item: Any, claimed: Mapping[str, str], *, separate: bool) -> None:
    at = f"review.{bid}"
    if not isinstance(item, dict) or not isinstance(item.get("pass"), bool) or not isinstance(item.get("reason"), str):
        raise bad(at, "每份投标应有结论和理由", "each bid needs a verdict and a reason field")
    if not item["pass"] and not item["reason"].strip():
        raise bad(at, "否决投标必须写明理由", "rejecting a bid needs a reason", article="招标投标法实施条例 第51条",
                  passes=Text("写明对应的否决条款和事实", "name the ground and the facts"))  # fmt: skip
    wanted = {"pass", "reason"} | ({"deductions"} if claimed else set()) | ({"opinion"} if separate else set())
    if set(item) != wanted:
        names = "、".join(sorted(wanted))
        raise bad(at, f"评审应有 {names}", f"a review has {names}")
    accepted = item.get("deductions", [])
    if not isinstance(accepted, list) or len(set(map(str, accepted))) < len(accepted) or not set(map(str, accepted)) <= set(claimed):
        raise bad(f"{at}.deductions", "只能认可投标人声明过的扣除", "only deductions that the tenderer claimed can be accepted",
                  passes=Text("、".join(claimed), ", ".join(claimed)))  # fmt: skip
    opinion = item.get("opinion", "")
    if not isinstance(opinion, str) or (separate and item["pass"] and not opinion.strip()):
        raise bad(f"{at}.opinion", "请写明这份投标的优势、不足和风险", "say this bid's strengths, weaknesses and risks",
                  passes=Text("一两句话", "a sentence or two"))  # fmt: skip
