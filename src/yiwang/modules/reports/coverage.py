"""In how many tenders each way of working is used, by kind of tender and by month; the share without paper (S047, S108)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from yiwang.kernel import moment
from yiwang.kernel.figures_law import Feature, figures_law
from yiwang.kernel.procedures import ACTS
from yiwang.modules.reports import tenders_seen
from yiwang.modules.tenders.selectors import law_of


@dataclass(frozen=True, slots=True)
class Coverage:
    """One feature in one kind of tender and month (``2026-03``): used in ``used`` of ``of``."""

    feature: Feature
    category: str
    month: str
    used: int
    of: int

    @property
    def percent(self) -> Decimal:
        """The share, one decimal."""
        return share(self.used, self.of)


@dataclass(frozen=True, slots=True)
class Paperless:
    """Documents that the steps of a procedure make, and how many of them are acts in the log."""

    procedure: str
    tenders: int
    documents: int
    electronic: int

    @property
    def percent(self) -> Decimal:
        """The share, one decimal."""
        return share(self.electronic, self.documents)


def share(part: int, whole: int) -> Decimal:
    """A percentage with one decimal, rounded half up; 0 of nothing is 0."""
    return (Decimal(part) * 100 / whole if whole else Decimal(0)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _opened(tender: Any) -> bool | None:
    opening = getattr(tender, "opening", None)
    return None if opening is None else opening.opened_at is not None


def _live(tender: Any) -> bool | None:
    return bool(tender.opening.hall.get("points")) if _opened(tender) else None


def _drawn(tender: Any) -> bool | None:
    draw = getattr(tender, "draw", None)
    return draw is not None if tenders_seen.at(tender, "evaluation_report.received") else None


def _signed(tender: Any) -> bool | None:
    contract = getattr(tender, "contract", None)
    if tenders_seen.at(tender, "contract.signed") is None:
        return None
    return contract is not None and bool(contract.buyer_signature) and bool(contract.supplier_signature)


USED: dict[str, Callable[[Any], bool | None]] = {"online": _opened, "hall": _live, "drawn": _drawn, "signed": _signed}
"""Whether a tender uses a feature; None: it has not come so far, so that it is not counted."""


def coverage() -> list[Coverage]:
    """By feature and kind, the newest month first; a tender counts in the month of its deadline."""
    counts: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for tender in tenders_seen.published():
        for key, used in USED.items():
            answer = used(tender)
            if answer is not None and tender.deadline is not None:
                month = f"{tender.deadline.astimezone(moment.LOCAL):%Y-%m}"
                for kind in (tender.category, ""):
                    counts[key, kind, month][0] += answer
                    counts[key, kind, month][1] += 1
    features = {each.key: each for each in figures_law().coverage}
    rows = [Coverage(features[key], kind, month, used, of) for (key, kind, month), (used, of) in counts.items()]
    order = list(features)
    return sorted(sorted(rows, key=lambda row: (order.index(row.feature.key), row.category)), key=lambda row: row.month, reverse=True)


def paperless() -> list[Paperless]:
    """By procedure, over tenders whose contract is registered: each main or side step that makes a document."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    done = tenders_seen.acts(*ACTS)
    for tender in tenders_seen.published():
        if tender.state not in ("contracted", "archived"):
            continue
        names = {each.name for each in done[tender.number]}
        steps = [step for step in law_of(tender).steps if step.document and step.kind == "main" and _due(step, tender)]
        count = found[tender.procedure]
        count[0] += 1
        count[1] += len(steps)
        count[2] += sum(bool(step.act) and (step.act in names or step.act.startswith("bid.")) for step in steps)
    return [Paperless(key, *counts) for key, counts in sorted(found.items())]


def _due(step: Any, tender: Any) -> bool:
    """Whether a step's document exists by now: the archive's only once it is made."""
    return step.act != "tender.archive" or tender.state == "archived"


