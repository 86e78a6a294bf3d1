"""Ten years day by day, and what moves a date: pauses, closures, rosters; never early, never late, monotone."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.law import brute
from yiwang.kernel.calendar import Calendar
from yiwang.kernel.clock import ClockBook, Pause, check, count, timeline
from yiwang.kernel.clock_count import day_of
from yiwang.kernel.moment import LOCAL
from yiwang.kernel.procedures import load

BOOK, CALENDAR = ClockBook.load(), Calendar.load()
LEAST, MOST, WORKDAYS = BOOK.rule("GC-01"), BOOK.rule("GC-19"), BOOK.rule("ZC-15")
FIRST = date(2017, 1, 1)
DAYS = st.integers(0, 3500).map(lambda number: FIRST + timedelta(days=number))


def at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), LOCAL)


def slow(start: date, amount: int, *, stopped=(), closed=(), staffed=()) -> date:
    """A minimum period of natural days, a day at a time."""
    day, left = start, amount
    while left:
        day += timedelta(days=1)
        left -= day not in stopped
    while (not brute.workday(day) or day in closed) and day not in staffed:
        day += timedelta(days=1)
    return day


def test_every_day_of_ten_years_agrees_with_a_count_by_hand() -> None:
    last = date(2026, 10, 31)
    day = FIRST
    while day <= last:
        assert count(LEAST, at(day), CALENDAR).day == brute.natural(day, 20)
        assert count(WORKDAYS, at(day, 23), CALENDAR).day == brute.working(day, 5)
        day += timedelta(days=1)


@settings(max_examples=150, deadline=None)
@given(DAYS, st.integers(0, 12), st.integers(0, 8), st.sets(st.integers(1, 45), max_size=4), st.sets(st.integers(1, 45), max_size=4))
def test_pauses_closures_and_rosters_agree_with_a_count_by_hand(start, begins, length, closed_at, staffed_at) -> None:
    closed = {day for day in (start + timedelta(days=n) for n in closed_at) if brute.workday(day)}
    staffed = {day: f"calendar/{n}" for n, day in ((n, start + timedelta(days=n)) for n in staffed_at) if not brute.workday(day)}
    stop = start + timedelta(days=begins)
    pause = Pause(at(stop, 15), at(stop + timedelta(days=length), 10), "suspension")
    stopped = {stop + timedelta(days=n) for n in range(1, length + 1)}
    due = count(LEAST, at(start), Calendar.load(closed), pauses=[pause], staffed=staffed)
    assert due.day == slow(start, 20, stopped=stopped, closed=closed, staffed=staffed)
    assert due.roster == staffed.get(due.day, "")


@settings(max_examples=100, deadline=None)
@given(DAYS, st.integers(1, 9), st.integers(0, 6))
def test_later_is_never_earlier_and_a_closure_stretches_no_maximum(start, later, length) -> None:
    first, second = count(LEAST, at(start), CALENDAR), count(LEAST, at(start + timedelta(days=later)), CALENDAR)
    assert first.earliest <= second.earliest
    pause = [Pause(at(start + timedelta(days=1)), at(start + timedelta(days=1 + length)), "suspension")]
    assert first.earliest <= count(LEAST, at(start), CALENDAR, pauses=pause).earliest
    closing = Calendar.load([first.day])
    assert count(LEAST, at(start), closing).day > first.day
    assert count(MOST, at(start), Calendar.load([count(MOST, at(start), CALENDAR).day])).latest == count(MOST, at(start), CALENDAR).latest


@settings(max_examples=60, deadline=None)
@given(DAYS)
def test_never_early_never_late(start) -> None:
    soon, late = count(LEAST, at(start), CALENDAR), count(MOST, at(start), CALENDAR)
    assert check("GC-01", at(start), at(soon.day), CALENDAR).ok
    assert not check("GC-01", at(start), at(soon.day - timedelta(days=1)), CALENDAR).ok
    assert check("GC-19", at(start), at(late.day, 23), CALENDAR).ok
    assert not check("GC-19", at(start), at(late.day + timedelta(days=1), 0), CALENDAR).ok


def test_what_happens_moves_the_coming_steps() -> None:
    """A clarification, an objection and a suspension each move the bid deadline of a running tender, and say why."""
    works, known = load("open_tender_works"), {"tender_doc.issue_start": at(date(2026, 3, 2))}

    def deadline(**more) -> date:
        events = known | more.pop("events", {})
        return day_of(next(step for step in timeline(works, events, CALENDAR, **more) if step.key == "close").earliest)

    assert deadline() == date(2026, 3, 23)  # the 20th day is Sunday the 22nd
    assert deadline(events={"tender_clarification.issue": at(date(2026, 3, 16))}) == date(2026, 3, 31)
    assert deadline(pauses=[Pause(at(date(2026, 3, 10)), at(date(2026, 3, 13)))]) == date(2026, 3, 25)
    assert deadline(staffed={date(2026, 3, 22): "calendar/1"}) == date(2026, 3, 22)
    stopped = next(s for s in timeline(works, known, CALENDAR, pauses=[Pause(at(date(2026, 3, 10)))]) if s.key == "close")
    assert stopped.status == "unknown"
    assert "中止" in stopped.reasons[0].message.zh
    report = {"evaluation_report.received": at(date(2026, 4, 1))}
    waiting = [Pause(at(date(2026, 4, 2)), at(date(2026, 4, 4)), "objection")]
    publicity = next(s for s in timeline(works, report, CALENDAR, pauses=waiting) if s.key == "publicity")
    assert publicity.dues[0].skipped == 2


def test_a_rule_warns_before_it_binds_and_ends_when_it_is_repealed() -> None:
    rule = replace(LEAST, id="GC-01", since=date(2026, 6, 1), warn_from=date(2026, 5, 1), ended=date(2026, 12, 31))
    book = ClockBook({**BOOK.rules, "GC-01": rule}, BOOK.events, BOOK.laws, 1)

    def kept(month: int, *, soft: bool = False) -> bool:
        start = date(2026, month, 6)
        return check("GC-01", at(start), at(start + timedelta(days=9)), CALENDAR, book=book, soft=soft).ok

    assert kept(4) and kept(4, soft=True)
    assert kept(5) and not kept(5, soft=True)
    assert not kept(6)
    events = {"tender_doc.issue_start": at(date(2026, 5, 6)), "bid.deadline": at(date(2026, 5, 15))}
    close = next(s for s in timeline(load("open_tender_works"), events, CALENDAR, book=book) if s.key == "close")
    assert close.verdict.ok
    assert [reason.code for reason in close.warnings.reasons] == ["GC-01"]
    assert [rule.severity(date(2026, m, 1)) for m in (4, 5, 6, 12)] == ["none", "warns", "binds", "binds"]
    assert rule.severity(date(2027, 1, 1)) == "none"
