"""Reads of outreach: marks by role, and how often results are checked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from yiwang.modules.evidence.actors import Actor
from yiwang.modules.outreach.models import Fetched, Opinion
from yiwang.modules.outreach.survey_law import survey

OF_FIRMS = ("tenderer", "buyer", "agency")
"""As whom people of an organisation without a standing duty may answer."""


def roles_for(actor: Actor) -> tuple[str, ...]:
    """As whom the actor may answer the survey."""
    if actor.person is None:
        return ()
    return (actor.duty,) if actor.duty else OF_FIRMS


@dataclass(frozen=True, slots=True)
class Marks:
    """How one role marked one period: answers, and the mean of each question with one decimal; None while they are too few."""

    period: str
    role: str
    answers: int
    means: dict[str, Decimal | None]


def marks_by_role() -> list[Marks]:
    """All periods, the newest first; within one the roles by name. Of too few answers neither marks nor number are told."""
    asked, found = survey(), defaultdict[tuple[str, str], list[dict[str, int]]](list)
    for period, role, marks in Opinion.objects.values_list("period", "role", "marks"):
        found[period, role].append(marks)
    rows = [_marks(period, role, marks, asked.fewest, list(asked.questions)) for (period, role), marks in found.items()]
    return sorted(sorted(rows, key=lambda row: row.role), key=lambda row: row.period, reverse=True)


def _marks(period: str, role: str, marks: list[dict[str, int]], fewest: int, questions: list[str]) -> Marks:
    if len(marks) < fewest:
        return Marks(period, role, 0, dict.fromkeys(questions))
    return Marks(period, role, len(marks), {key: _mean([each[key] for each in marks if key in each]) for key in questions})


def _mean(marks: list[int]) -> Decimal | None:
    if not marks:
        return None
    return (Decimal(sum(marks)) / len(marks)).quantize(Decimal("0.1"), ROUND_HALF_EVEN)


def checks_by_month() -> dict[str, dict[str, int]]:
    """By month (``2026-11``): how often each of :data:`.services.CHECKS` was fetched."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    rows = Fetched.objects.annotate(month=TruncMonth("day")).values("month", "what").annotate(sum=Sum("times")).order_by()
    for row in rows:
        found[f"{row['month']:%Y-%m}"][row["what"]] = row["sum"]
    return dict(found)
