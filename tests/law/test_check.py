"""Checking two moments against a rule: the reason names dates, article and what would pass."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.law.times import local, moments
from yiwang.kernel.clock import Calendar, ClockBook, check, count, day_of, propose_deadline
from yiwang.kernel.errors import Refused
from yiwang.kernel.moment import LOCAL

BOOK, CALENDAR = ClockBook.load(), Calendar.load()
MOMENTS = moments("2018-06-01", "2026-08-31")
FORWARD = [
    r for r in BOOK if r.direction == "after" and r.hard and r.rolls and r.unit not in ("session", "year", "month")
]


def test_a_deadline_before_the_lawful_day_is_refused_naming_what_would_pass() -> None:
    verdict = check("GC-01", local("2026-09-07T09:00"), local("2026-09-25T09:30"), CALENDAR, field="bid_deadline")
    (reason,) = verdict.reasons
    assert (reason.code, reason.article, reason.field) == ("GC-01", "招标投标法 第24条", "bid_deadline")
    for language in ("zh", "en"):
        assert "2026-09-25" in getattr(reason.message, language)
        assert "2026-09-07" in getattr(reason.message, language)
        assert "2026-09-28" in getattr(reason.passes, language)
    assert reason.after is not None
    assert day_of(reason.after) == date(2026, 9, 28)


@pytest.mark.parametrize(
    ("rule", "start", "end", "ok"),
    [
        ("GC-01", "2026-09-07T09:00", "2026-09-28T00:00", True),
        ("GC-01", "2026-09-07T09:00", "2026-09-27T23:59", False),
        ("GC-19", "2026-09-01T09:00", "2026-10-08T23:59", True),
        ("GC-19", "2026-09-01T09:00", "2026-10-09T00:00", False),
        ("GC-19", "2026-09-01T09:00", "2026-08-31T09:00", False),
        ("GC-13", "2026-04-30T09:00", "2026-05-06T12:00", False),
        ("GC-13", "2026-04-30T09:00", "2026-05-07T00:00", True),
        ("GC-06", "2026-05-05T23:00", "2026-05-20T09:30", True),
        ("GC-06", "2026-05-06T00:00", "2026-05-20T09:30", False),
        ("GC-10", "2026-05-20T09:30", "2026-05-20T09:30", True),
        ("GC-10", "2026-05-20T09:30", "2026-05-20T09:31", False),
        ("GC-24", "2026-05-20T09:30", "2026-05-20T21:30", True),
        ("GC-24", "2026-05-20T09:30", "2026-05-20T21:31", False),
    ],
)
def test_borders(rule: str, start: str, end: str, ok: bool) -> None:
    assert check(rule, local(start), local(end), CALENDAR).ok is ok


def test_a_late_clarification_is_told_both_ways_out() -> None:
    (reason,) = check("GC-06", local("2026-05-08"), local("2026-05-20T09:30"), CALENDAR).reasons
    assert reason.passes is not None
    assert "2026-05-05" in reason.passes.zh
    assert "2026-05-25" in reason.passes.zh
    assert reason.article == "招标投标法实施条例 第21条"


def test_within_a_period_needs_its_end() -> None:
    start, end = local("2026-03-02T09:00"), local("2026-03-05T23:59:59")
    assert check("GC-14", start, local("2026-03-05T18:00"), CALENDAR, until=end).ok
    assert not check("GC-14", start, local("2026-03-06T08:00"), CALENDAR, until=end).ok


def test_soft_rules_warn_only_when_asked() -> None:
    early = (local("2026-03-02"), local("2026-03-10"))
    assert check("ZC-01", *early, CALENDAR).ok
    assert not check("ZC-01", *early, CALENDAR, soft=True).ok


def test_a_rule_not_yet_law_does_not_bind() -> None:
    quick = (local("2025-06-02T09:00"), local("2025-06-02T09:05"))
    assert check("ZC-38", *quick, CALENDAR, soft=True).ok
    later = (local("2026-06-02T09:00"), local("2026-06-02T09:05"))
    assert not check("ZC-38", *later, CALENDAR, soft=True).ok


@given(st.sampled_from(FORWARD), MOMENTS)
def test_the_bound_itself_passes_and_one_day_beyond_does_not(rule, start) -> None:
    due = count(rule, start, CALENDAR)
    assert check(rule.id, start, due.moment, CALENDAR).ok
    beyond = due.moment + timedelta(days=1) * (1 if due.latest else -1)
    assume(beyond >= start)
    assert not check(rule.id, start, beyond, CALENDAR).ok


@given(MOMENTS, st.integers(0, 23))
def test_the_proposed_deadline_is_lawful_and_the_workday_before_is_not(start, hour) -> None:
    deadline = propose_deadline(start, "open_tender_works", CALENDAR, hour=hour)
    assert check("GC-01", start, deadline, CALENDAR).ok
    assert (deadline.astimezone(LOCAL).hour, deadline.astimezone(LOCAL).minute) == (hour, 30)
    assert (day_of(deadline) - day_of(start)).days >= 20
    before = CALENDAR.add_workdays(day_of(deadline), -1)
    assert not check("GC-01", start, before, CALENDAR).ok


def test_the_proposed_deadline_heeds_clarification_closure_and_calendar() -> None:
    start = local("2026-04-30T09:00")
    assert propose_deadline(start, "open_tender_works", CALENDAR) == local("2026-05-20T09:30")
    moved = propose_deadline(start, "open_tender_works", CALENDAR, clarified=local("2026-05-08"))
    assert moved == local("2026-05-25T09:30")
    closed = Calendar.load([date(2026, 5, 20)])
    assert propose_deadline(start, "open_tender_works", closed) == local("2026-05-21T09:30")
    with pytest.raises(Refused) as refused:
        propose_deadline(local("2026-12-20"), "open_tender_works", CALENDAR)
    assert refused.value.reasons[0].code == "calendar.year"
