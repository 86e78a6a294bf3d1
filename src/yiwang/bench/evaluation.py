"""Bench ``evaluation``: a tender of 300 bids, 9 evaluators and 60 criteria scored and ranked exactly.

The reference does the same sums in plain floats, without checks, exactness, rounding rule or a line of arithmetic; it ends
with the same order.
"""

from __future__ import annotations

import random
from typing import Any

from yiwang.bench.figure import Figure, Stopwatch
from yiwang.kernel.formula_book import template
from yiwang.kernel.formulas import BidFacts, Ranking, Sheet, evaluate

SEED, BIDS, EVALUATORS, CRITERIA, ROUNDS = 20261124, 300, 9, 60, 3
WITHIN = 1.0
"""Seconds on one core in which all is to be scored and ranked."""

Plain = dict[str, dict[str, list[float]]]


def run() -> list[Figure]:
    """Rank exactly and in floats, in turns; give the figures."""
    formula, bids, sheets, raw = made()
    ours, bare = Stopwatch(), Stopwatch()
    exact: list[Ranking] = []
    plain: list[list[str]] = []
    for _ in range(ROUNDS):
        ours.time(lambda: exact.append(evaluate(formula, bids, [Sheet.from_json(each) for each in sheets])))
        bare.time(lambda: plain.append(_floats(bids, raw)))
    if [row.bid for row in exact[0].results] != plain[0]:
        raise RuntimeError("the exact ranking and the one in floats differ")
    value, reference = ours.wall / ROUNDS, bare.wall / ROUNDS
    what = f"the same sums in plain floats ({BIDS} x {EVALUATORS} x {CRITERIA} scores)"
    return [
        Figure("evaluation.rank", value, "s", what, reference, f"< {WITHIN:g} s", value < WITHIN),
        Figure("evaluation.rank_cpu", ours.cpu / ROUNDS, "s", "the same, CPU seconds", bare.cpu / ROUNDS),
        Figure("evaluation.lines", sum(len(row.lines) for row in exact[0].results), "lines", "scores", BIDS * EVALUATORS * CRITERIA),
    ]


def made() -> tuple[dict[str, Any], list[BidFacts], list[dict[str, Any]], Plain]:
    """Formula, bids and sheets (as JSON, as they come from the table), and the scores as floats for the reference."""
    chance = random.Random(SEED)
    most = ["1.2"] * 50 + ["1"] * 10
    criteria: list[dict[str, Any]] = [
        {"key": f"c{n}", "name": {"zh": f"评分项{n}", "en": f"criterion {n}"}, "most": most[n]} for n in range(CRITERIA)
    ]
    formula = template("gov_comprehensive_score").formula({"criteria": criteria})
    bids = [BidFacts(f"bid/{n:03d}", chance.randrange(80_000_000, 120_000_000), order=n) for n in range(BIDS)]
    sheets: list[dict[str, Any]] = []
    raw: Plain = {bid.bid: {row["key"]: [] for row in criteria} for bid in bids}
    for seat in range(1, EVALUATORS + 1):
        scores: dict[str, dict[str, str]] = {}
        for bid in bids:
            scores[bid.bid] = {}
            for row in criteria:
                value = chance.randrange(0, int(float(row["most"]) * 100) + 1)
                scores[bid.bid][row["key"]] = f"{value // 100}.{value % 100:02d}"
                raw[bid.bid][row["key"]].append(value / 100)
        sheets.append({"evaluator": str(seat), "scores": scores})
    return formula, bids, sheets, raw


def _floats(bids: list[BidFacts], raw: Plain) -> list[str]:
    """The order of the bids by plain sums."""
    lowest = min(bid.price for bid in bids)
    totals = {
        bid.bid: lowest / bid.price * 30 + sum(sum(values) / len(values) for values in raw[bid.bid].values()) for bid in bids
    }
    return sorted(totals, key=lambda name: -totals[name])
