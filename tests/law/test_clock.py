"""Counting: the Civil Code's rules, the worked examples E1 to E9, and agreement with a day-by-day count."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.law import brute
from tests.law.times import local, moments
from yiwang.kernel.clock import (
    Calendar,
    ClockBook,
    NoArrangement,
    Pause,
    Stopped,
    count,
    day_of,
    earliest_after,
    end_of,
)
from yiwang.kernel.errors import BadInput

BOOK, CALENDAR = ClockBook.load(), Calendar.load()
MOMENTS = moments("2018-06-01", "2026-09-30")
DAY_RULES = [r for r in BOOK if r.unit in ("natural_day", "working_day") and r.direction == "after" and r.amount < 60]
BACK_RULES = [r for r in BOOK if r.unit in ("natural_day", "working_day") and r.direction == "before"]


@pytest.mark.parametrize(
    ("rule", "start", "last"),
    [
        ("GC-01", "2026-09-07", "2026-09-28"),  # E1
        ("ZC-20", "2026-09-30", "2026-10-08"),  # E2, end of the notice
        ("ZC-28", "2026-10-08", "2026-10-16"),  # E2, the query
        ("GC-13", "2026-04-30", "2026-05-06"),  # E4
        ("KY-01", "2026-02-03", "2026-03-09"),  # E5
        ("CQ-03", "2026-09-01", "2026-09-29"),  # E6
        ("ZC-08", "2026-02-13", "2026-02-25"),  # E7
        ("GC-19", "2026-09-01", "2026-10-08"),  # E8
    ],
)
def test_worked_examples(rule: str, start: str, last: str) -> None:
    assert count(BOOK.rule(rule), local(start), CALENDAR).day == date.fromisoformat(last)


def test_e2_chains_from_the_end_of_the_notice() -> None:
    notice = count(BOOK.rule("ZC-20"), local("2026-09-30T10:00"), CALENDAR)
    assert notice.earliest == end_of(date(2026, 10, 8))
    assert count(BOOK.rule("ZC-28"), notice.moment, CALENDAR).day == date(2026, 10, 16)


def test_e3_a_late_clarification_moves_the_deadline() -> None:
    latest = count(BOOK.rule("GC-06"), local("2026-05-20T09:30"), CALENDAR)
    assert latest.day == date(2026, 5, 5)
    moved = earliest_after(BOOK.rule("GC-06"), local("2026-05-08T15:00"), CALENDAR)
    assert day_of(moved) == date(2026, 5, 25)


def test_e9_a_count_into_2027_is_refused() -> None:
    with pytest.raises(NoArrangement) as refused:
        count(BOOK.rule("ZC-18"), local("2026-12-29"), CALENDAR)
    assert refused.value.year == 2027
    with pytest.raises(NoArrangement):
        count(BOOK.rule("GC-01"), local("2026-12-20"), CALENDAR)


def test_a_maximum_ends_at_24_hours_and_a_minimum_of_publicity_too() -> None:
    contract = count(BOOK.rule("GC-19"), local("2026-03-02T16:00"), CALENDAR)
    assert contract.latest == datetime(2026, 4, 1, 15, 59, 59, tzinfo=UTC)
    publicity = count(BOOK.rule("GC-13"), local("2026-03-02T16:00"), CALENDAR)
    assert publicity.earliest == datetime(2026, 3, 5, 15, 59, 59, tzinfo=UTC)
    deadline = count(BOOK.rule("GC-01"), local("2026-03-02T16:00"), CALENDAR)
    assert deadline.earliest == datetime(2026, 3, 22, 16, 0, tzinfo=UTC)  # 2026-03-23 00:00 local


def test_the_local_day_counts_not_the_utc_day() -> None:
    late = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)  # 2026-03-02 01:00 local
    assert count(BOOK.rule("GC-15"), late, CALENDAR).day == date(2026, 3, 5)


def test_hours_run_from_the_moment_and_do_not_roll() -> None:
    start = local("2026-10-01T20:30")
    assert count(BOOK.rule("GC-24"), start, CALENDAR).latest == start + timedelta(hours=12)
    assert count(BOOK.rule("ZC-38"), start, CALENDAR).earliest == start + timedelta(minutes=30)
    assert count(BOOK.rule("LO-05"), start, CALENDAR).earliest == start - timedelta(hours=24)
    assert count(BOOK.rule("GC-10"), start, CALENDAR).latest == start


@pytest.mark.parametrize(
    ("rule", "start", "last"), [("TD-06", "2024-01-31", "2024-02-29"), ("TD-07", "2024-02-29", "2025-02-28")]
)
def test_months_and_years_end_on_the_corresponding_day(rule: str, start: str, last: str) -> None:
    assert count(BOOK.rule(rule), local(start), CALENDAR).counted == date.fromisoformat(last)


def test_keeping_records_does_not_roll_and_needs_no_calendar() -> None:
    assert count(BOOK.rule("ZC-37"), local("2026-05-02"), CALENDAR).day == date(2041, 5, 2)


def test_a_roster_keeps_a_minimum_on_a_rest_day_but_never_a_maximum() -> None:
    kept = count(BOOK.rule("GC-01"), local("2026-09-07"), CALENDAR, roster="R-17")
    assert (kept.day, kept.roster) == (date(2026, 9, 27), "R-17")
    assert any("R-17" in line.zh for line in kept.arithmetic)
    assert count(BOOK.rule("GC-19"), local("2026-09-01"), CALENDAR, roster="R-17").day == date(2026, 10, 8)


def test_a_closure_delays_a_minimum_and_not_a_maximum() -> None:
    closed = Calendar.load([date(2026, 9, 28), date(2026, 10, 8)])
    assert count(BOOK.rule("GC-01"), local("2026-09-07"), closed).day == date(2026, 9, 29)
    assert count(BOOK.rule("GC-19"), local("2026-09-01"), closed).day == date(2026, 10, 8)


def test_the_arithmetic_names_each_step_in_both_languages() -> None:
    lines = count(BOOK.rule("GC-01"), local("2026-09-07T09:00"), CALENDAR).arithmetic
    told = " ".join(line.zh for line in lines)
    for part in (
        "2026-09-07（周一）",
        "第20日：2026-09-27（周日）",
        "顺延至2026-09-28（周一）",
        "GC-01",
        "招标投标法 第24条",
    ):
        assert part in told
    assert all(line.en.isascii() or "“" in line.en for line in lines)


def test_a_pause_moves_only_the_clocks_that_it_stops() -> None:
    stop = Pause(local("2026-03-04T10:00"), local("2026-03-06T09:00"), "examination")
    assert count(BOOK.rule("GC-18"), local("2026-03-02"), CALENDAR, pauses=[stop]).skipped == 2
    plain = count(BOOK.rule("GC-18"), local("2026-03-02"), CALENDAR)
    paused = count(BOOK.rule("GC-18"), local("2026-03-02"), CALENDAR, pauses=[stop])
    assert CALENDAR.workdays_between(plain.day, paused.day) == 2
    assert count(BOOK.rule("GC-15"), local("2026-03-02"), CALENDAR, pauses=[stop]).skipped == 0


def test_a_pause_without_end_is_refused_while_it_matters() -> None:
    open_end = Pause(local("2026-03-04T10:00"), None, "examination")
    with pytest.raises(Stopped) as stopped:
        count(BOOK.rule("GC-18"), local("2026-03-02"), CALENDAR, pauses=[open_end])
    assert stopped.value.reasons[0].article == "招标投标法实施条例 第61条"


def test_overlapping_pauses_are_not_counted_twice() -> None:
    pauses = [
        Pause(local("2026-03-04"), local("2026-03-09"), "examination"),
        Pause(local("2026-03-05"), local("2026-03-09"), "examination"),
    ]
    assert count(BOOK.rule("GC-18"), local("2026-03-02"), CALENDAR, pauses=pauses).skipped == 5


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(BadInput):
        count(BOOK.rule("GC-01"), datetime(2026, 3, 2), CALENDAR)  # noqa: DTZ001


@given(st.sampled_from(DAY_RULES), MOMENTS)
def test_counting_on_agrees_with_the_day_by_day_count(rule, start) -> None:
    due = count(rule, start, CALENDAR)
    naive = brute.natural if rule.unit == "natural_day" else brute.working
    assert due.day == naive(start.date(), rule.amount)
    assert brute.workday(due.day)


@given(st.sampled_from(BACK_RULES), MOMENTS)
def test_counting_back_agrees_and_never_moves_toward_the_deadline(rule, deadline) -> None:
    due = count(rule, deadline, CALENDAR)
    if rule.unit == "natural_day":
        assert (deadline.date() - due.day).days == rule.amount
    else:
        assert due.day == brute.working(deadline.date(), rule.amount, -1)


@given(st.sampled_from(BACK_RULES), MOMENTS)
def test_the_moved_deadline_is_lawful_and_no_earlier_workday_is(rule, issued) -> None:
    moved = day_of(earliest_after(rule, issued, CALENDAR))
    assert count(rule, moved, CALENDAR).day >= issued.date()
    before = moved - timedelta(days=1)
    while not brute.workday(before):
        before -= timedelta(days=1)
    assert count(rule, before, CALENDAR).day < issued.date()


@given(st.sampled_from(DAY_RULES), MOMENTS, st.integers(0, 400))
def test_a_later_start_never_ends_earlier(rule, start, hours) -> None:
    later = min(start + timedelta(hours=hours), local("2026-09-30"))
    if later >= start:
        assert count(rule, later, CALENDAR).moment >= count(rule, start, CALENDAR).moment


PAUSABLE = [r for r in DAY_RULES if r.paused_by]


@given(st.sampled_from(PAUSABLE), st.dates(date(2018, 6, 1), date(2026, 3, 1)), st.integers(0, 40), st.integers(0, 30))
def test_a_pause_never_shortens_and_agrees_with_the_day_by_day_count(rule, start, offset, length) -> None:
    low = start + timedelta(days=offset)
    high = low + timedelta(days=length)
    cause = rule.paused_by[0]
    pause = Pause(local(f"{low}T11:00"), local(f"{high}T11:00"), cause)
    due = count(rule, local(f"{start}T08:00"), CALENDAR, pauses=[pause])
    day, left = start, rule.amount
    while left:
        day += timedelta(days=1)
        if not low < day <= high:
            left -= 1 if rule.unit == "natural_day" else brute.workday(day)
    while not brute.workday(day):
        day += timedelta(days=1)
    assert due.day == day
    assert due.moment >= count(rule, local(f"{start}T08:00"), CALENDAR).moment
