"""The calendar: official arrangements, no guessing, closures that never stretch a maximum."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.law import brute
from yiwang.kernel.calendar import Calendar, NoArrangement
from yiwang.kernel.lawfile import LawFault

CALENDAR = Calendar.load()
DAYS = st.dates(date(2017, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(("year", "workdays"), [(2023, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_workdays_of_a_year(year: int, workdays: int) -> None:
    assert CALENDAR.workdays_between(date(year, 1, 1) - timedelta(days=1), date(year, 12, 31)) == workdays


@pytest.mark.parametrize(
    ("day", "works"),
    [("2026-02-14", True), ("2026-02-15", False), ("2026-09-20", True), ("2026-09-25", False), ("2026-10-10", True)],
)
def test_holidays_and_make_up_workdays_of_2026(day: str, works: bool) -> None:
    assert CALENDAR.is_workday(date.fromisoformat(day)) is works


@given(DAYS)
def test_every_day_agrees_with_the_day_by_day_reading(day: date) -> None:
    assert CALENDAR.is_workday(day) == brute.workday(day)


@given(st.dates(date(2018, 3, 1), date(2026, 10, 1)), st.integers(1, 40), st.sampled_from([1, -1]))
def test_adding_workdays_agrees_with_counting_them(day: date, number: int, step: int) -> None:
    assert CALENDAR.add_workdays(day, number * step) == brute.working(day, number, step)


@given(st.dates(date(2018, 1, 1), date(2026, 6, 1)), st.integers(1, 60))
def test_workdays_between_undoes_adding(day: date, number: int) -> None:
    assert CALENDAR.workdays_between(day, CALENDAR.add_workdays(day, number)) == number


@pytest.mark.parametrize("year", [2016, 2027])
def test_a_year_without_arrangement_is_refused_and_says_what_to_do(year: int) -> None:
    with pytest.raises(NoArrangement) as refused:
        CALENDAR.is_workday(date(year, 6, 1))
    reason = refused.value.reasons[0]
    assert refused.value.year == year
    assert str(year) in reason.message.zh
    assert str(year) in reason.message.en
    assert reason.passes is not None
    assert "cn.yaml" in reason.passes.zh


def test_counting_into_2027_is_refused() -> None:
    with pytest.raises(NoArrangement):
        CALENDAR.add_workdays(date(2026, 12, 20), 20)
    with pytest.raises(NoArrangement):
        CALENDAR.add_workdays(date(2017, 1, 3), -5)


def test_a_closure_is_no_open_day_but_stays_a_statutory_workday() -> None:
    closed = Calendar.load([date(2026, 9, 28)])
    assert closed.is_workday(date(2026, 9, 28))
    assert not closed.is_open(date(2026, 9, 28))
    assert closed.roll_forward(date(2026, 9, 27)) == date(2026, 9, 28)
    assert closed.roll_forward(date(2026, 9, 27), closures=True) == date(2026, 9, 29)


@pytest.mark.parametrize(
    ("body", "line", "says"),
    [
        ("  2026: {rest: 13-01, work: ''}", 2, "13-01"),
        ("  2026:\n    rest: '01-01'\n    work: 01-05", 4, "contradicts"),
        ("  2026:\n    rest: 01-03\n    work: ''", 3, "contradicts"),
        ("  2025: {rest: '', work: ''}\n  2027: {rest: '', work: ''}", 1, "without a gap"),
        ("  2026: {rest: ''}", 2, "work"),
    ],
)
def test_a_wrong_file_is_refused_by_line(tmp_path: Path, body: str, line: int, says: str) -> None:
    path = tmp_path / "cn.yaml"
    path.write_text(f"years:\n{body}\n", encoding="utf-8")
    with pytest.raises(LawFault) as fault:
        Calendar.load(path=path)
    assert fault.value.reasons[0].field == f"cn.yaml:{line}"
    assert says in fault.value.reasons[0].message.en
