"""How long tenders take from entry to contract, step by step (row S001)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any

from yiwang.kernel import moment
from yiwang.kernel.figures_law import figures_law
from yiwang.modules.reports import tenders_seen
from yiwang.modules.tenders.selectors import law_of


@dataclass(frozen=True, slots=True)
class Cycle:
    """One track and method in one year: tenders with a contract, the median of days in all and of each step (by key).

    ``before`` is the median of the year before, None when there was none; the steps' medians need not add up to it.
    """

    track: str
    method: str
    year: int
    count: int
    days: Decimal
    steps: dict[str, Decimal]
    before: Decimal | None = None


def cycles() -> list[Cycle]:
    """The newest year first."""
    groups: dict[tuple[str, str, int], list[dict[str, Decimal]]] = defaultdict(list)
    for tender in tenders_seen.published():
        spans = spans_of(tender)
        signed = tenders_seen.at(tender, "contract.signed")
        if spans is not None and signed is not None:
            law = law_of(tender)
            groups[law.track, law.method, signed.astimezone(moment.LOCAL).year].append(spans)
    medians = {key: _median([sum(each.values(), Decimal()) for each in rows]) for key, rows in groups.items()}
    steps = figures_law().cycle
    found = [
        Cycle(
            *key, len(rows), medians[key], {step.key: _median([each[step.key] for each in rows]) for step in steps},
            medians.get((key[0], key[1], key[2] - 1)),
        )
        for key, rows in groups.items()
    ]  # fmt: skip
    return sorted(found, key=lambda row: (-row.year, row.track, row.method))


def spans_of(tender: Any) -> dict[str, Decimal] | None:
    """Days of each step, unrounded; None while one of its moments has not come."""
    spans: dict[str, Decimal] = {}
    for step in figures_law().cycle:
        start, end = tenders_seen.at(tender, step.start), tenders_seen.at(tender, step.end)
        if start is None or end is None:
            return None
        spans[step.key] = Decimal(int((end - start).total_seconds())) / 86400
    return spans


def _median(values: list[Decimal]) -> Decimal:
    return Decimal(median(values)).quantize(Decimal("0.1"), ROUND_HALF_UP)
