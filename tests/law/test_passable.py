"""No form is unpassable: of every procedure a generated set of dates and values keeps all rules."""

from datetime import datetime, timedelta

import pytest

from yiwang.kernel.calendar import Calendar
from yiwang.kernel.errors import Refused
from yiwang.kernel.moment import LOCAL
from yiwang.kernel.procedure_example import ESTIMATE, passing
from yiwang.kernel.procedures import Procedure, all_procedures, ids
from yiwang.kernel.timeline import timeline

STARTS = [datetime(2023, 3, 6, 9, tzinfo=LOCAL), datetime(2024, 2, 6, 16, tzinfo=LOCAL), datetime(2022, 9, 9, 10, tzinfo=LOCAL)]


@pytest.mark.parametrize("procedure", all_procedures(), ids=ids())
def test_every_procedure_can_be_passed(procedure: Procedure) -> None:
    calendar = Calendar.load()
    for start in STARTS:
        found = passing(procedure, start, calendar)
        steps = timeline(procedure, found.moments, calendar)
        assert all(step.verdict.ok for step in steps)
        assert [step.key for step in steps if step.step.kind != "optional" and step.at is None] == []
        assert all(first <= last for first, last in found.windows.values())
    assert procedure.check_bids(found.bids).ok
    assert not found.committee[0] or procedure.committee.check(*found.committee, larger=True).ok
    for formula in found.formulas.values():
        assert procedure.check_formula(formula).ok
    assert procedure.bid_bond is None or 0 < found.bid_bond <= ESTIMATE * procedure.bid_bond.percent_most / 100


def test_a_day_less_does_not_pass() -> None:
    """The dates are the earliest: what the generator chose for the deadline is no day later than it must be."""
    from yiwang.kernel.procedures import load

    works, calendar = load("open_tender_works"), Calendar.load()
    found = passing(works, STARTS[0], calendar)
    sooner = found.moments | {"close": found.moments["close"] - timedelta(days=1)}
    close = next(step for step in timeline(works, sooner, calendar) if step.key == "close")
    assert [reason.code for reason in close.verdict.reasons] == ["GC-01"]


def test_rules_that_leave_no_moment_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from yiwang.kernel.clock_book import ClockBook
    from yiwang.kernel.procedures import index, load

    works = load("open_tender_works")
    book = ClockBook.load()
    monkeypatch.setitem(book.rules, "GC-01", replace(book.rules["GC-01"], bound="max", amount=3))
    tight = replace(book.rules["GC-06"], bound="min", amount=30)
    monkeypatch.setitem(book.rules, "GC-06", tight)
    steps = tuple(replace(step, kind="main") if step.key == "clarification_answer" else step for step in works.steps)
    with pytest.raises(Refused, match="GC-0"):
        passing(replace(works, steps=steps, by_key=index(steps)), STARTS[0], Calendar.load())
