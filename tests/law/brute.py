"""A day-by-day count written for the tests alone, with its own reading of the holiday file."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import yaml

import yiwang

_DATA = yaml.safe_load((Path(yiwang.__file__).parent / "law/calendar/cn.yaml").read_text(encoding="utf-8"))["years"]
_REST = {f"{year}-{day}" for year, row in _DATA.items() for day in row["rest"].split()}
_WORK = {f"{year}-{day}" for year, row in _DATA.items() for day in row["work"].split()}


def workday(day: date) -> bool:
    assert day.year in _DATA
    return str(day) in _WORK or (day.weekday() < 5 and str(day) not in _REST)


def natural(start: date, amount: int) -> date:
    """Last day of a period of natural days, rolled over rest days."""
    day = start
    for _ in range(amount):
        day += timedelta(days=1)
    while not workday(day):
        day += timedelta(days=1)
    return day


def working(start: date, amount: int, step: int = 1) -> date:
    """The ``amount``-th workday after (step 1) or before (step -1) a day."""
    day, left = start, amount
    while left:
        day += timedelta(days=step)
        left -= workday(day)
    return day
