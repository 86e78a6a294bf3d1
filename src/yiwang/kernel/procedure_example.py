"""For every procedure a generated set of dates and values that keeps all its rules, so that no form is unpassable."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from yiwang.kernel.calendar import Calendar
from yiwang.kernel.clock_book import ClockBook
from yiwang.kernel.clock_count import day_of
from yiwang.kernel.errors import Refused
from yiwang.kernel.formula_book import template
from yiwang.kernel.moment import LOCAL
from yiwang.kernel.procedures import Procedure
from yiwang.kernel.text import Text
from yiwang.kernel.timeline import Step, timeline
from yiwang.kernel.verdict import Reason

OPENS = time(9, 30)
ESTIMATE = 100_000_000
"""Estimated price of the example, in fen."""


@dataclass(frozen=True, slots=True)
class Passing:
    """Dates and values that keep every rule of a procedure.

    Attributes:
        moments: when each step is done, by the step's key; steps that are only possible are left out.
        windows: for each step that is only possible and bound on both sides, the first and last lawful moment.
        committee: members, and how many of them are experts; (0, 0) without a committee.
        bids, candidates: how many. bid_bond: the most that may be asked, in fen.
        formulas: one lawful setting of each formula allowed.
    """

    moments: dict[str, datetime]
    windows: dict[str, tuple[datetime, datetime]]
    committee: tuple[int, int]
    bids: int
    candidates: int
    bid_bond: int
    formulas: dict[str, dict[str, Any]] = field(default_factory=dict)


def passing(procedure: Procedure, start: datetime, calendar: Calendar) -> Passing:
    """Walk through a procedure from ``start`` and choose what passes.

    Raises:
        Refused: nothing passes, with the step and the rules that shut each other out.
        NoArrangement: the walk enters a year without holiday arrangement.
    """
    moments = _moments(procedure, start, calendar)
    members = procedure.committee.larger_least or procedure.committee.least
    part, whole = procedure.committee.experts
    bond = procedure.bid_bond
    most = 0 if bond is None else int(ESTIMATE * bond.percent_most / 100)
    return Passing(
        moments=moments,
        windows=_windows(procedure, moments, calendar),
        committee=(members, -(-part * members // whole)),
        bids=procedure.least_bids,
        candidates=min(procedure.candidates_most, procedure.least_bids),
        bid_bond=min(most, bond.fen_most) if bond is not None and bond.fen_most else most,
        formulas={allowed.id: _formula(allowed.id, allowed.price_least) for allowed in procedure.formulas},
    )


def _moments(procedure: Procedure, start: datetime, calendar: Calendar) -> dict[str, datetime]:
    book, floor = ClockBook.load(), start.astimezone(UTC)
    chosen: dict[str, datetime] = {}
    for row in procedure.steps:
        if row.kind == "optional":
            continue
        step = _of(timeline(procedure, chosen, calendar, book=book), row.key)
        if step.reasons:
            raise Refused(*step.reasons)
        at = max(floor, step.earliest or floor)
        if row.act == "opening.close":
            at = _opening_hour(at, calendar)
        if step.latest is not None and at > step.latest:
            raise Refused(_no_moment(procedure, step))
        chosen[row.key] = at
        if row.kind == "main":
            floor = at
    for step in timeline(procedure, chosen, calendar, book=book):
        if not step.verdict:
            raise Refused(*step.verdict.reasons)
    return chosen


def _of(steps: list[Step], key: str) -> Step:
    return next(step for step in steps if step.key == key)


def _opening_hour(bound: datetime, calendar: Calendar) -> datetime:
    day = calendar.roll_forward(day_of(bound), closures=True)
    at = datetime.combine(day, OPENS, LOCAL)
    if at < bound:
        at = datetime.combine(calendar.roll_forward(day + timedelta(days=1), closures=True), OPENS, LOCAL)
    return at.astimezone(UTC)


def _windows(procedure: Procedure, moments: dict[str, datetime], calendar: Calendar) -> dict[str, tuple[datetime, datetime]]:
    """From when to when each possible step can lawfully be done, between the steps around it."""
    found, floor = {}, min(moments.values())
    for step in timeline(procedure, moments, calendar):
        if step.step.kind == "main":
            floor = moments[step.key]
        elif step.step.kind == "optional" and step.latest is not None:
            first = max(floor, step.earliest or floor)
            if first > step.latest:
                raise Refused(_no_moment(procedure, step))
            found[step.key] = (first, step.latest)
    return found


def _no_moment(procedure: Procedure, step: Step) -> Reason:
    rules = "、".join(step.rule_ids)
    message = Text(
        f"{procedure.name.zh}的步骤“{step.name.zh}”没有合法的时间：{rules}",
        f"no lawful moment for the step “{step.name.en}” of {procedure.name.en}: {rules}",
    )
    return Reason("procedure.unpassable", message, article="；".join(step.articles), field=step.key)


def _formula(formula_id: str, price_least: Decimal | None) -> dict[str, Any]:
    """The formula as its first worked example sets it; the least lawful weight of the price where there is a bound."""
    found = template(formula_id)
    formula: dict[str, Any] = dict(found.examples[0].formula)
    score = (formula.get("price") or {}).get("score") or {}
    if price_least is not None and score and Decimal(str(score["weight"])) < price_least:
        score = {**score, "weight": str(price_least)}
        formula = {**formula, "price": {**formula["price"], "score": score}}
    return formula
