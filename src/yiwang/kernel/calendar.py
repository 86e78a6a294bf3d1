"""Workdays and rest days of the mainland, from the State Council's yearly arrangements kept as data.

A year without an arrangement is refused, never guessed. Days of closing that a center adds (stocktaking, a move) are
no statutory rest days: they push the *earliest* date of a minimum period, they never stretch a maximum period.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from yiwang.kernel.errors import Refused
from yiwang.kernel.lawfile import LawFile, law_path, read
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason


class NoArrangement(Refused):
    """No holiday arrangement is loaded for ``year``; nothing can be counted in it."""

    def __init__(self, year: int) -> None:
        self.year = year
        message = Text(
            f"{year}年的节假日安排尚未载入，不能推算工作日",
            f"the holiday arrangement of {year} is not loaded, so its workdays cannot be counted",
        )
        passes = Text(
            f"国务院办公厅公布{year}年节假日安排后，把它加入 law/calendar/cn.yaml",
            f"once the State Council has announced the arrangement of {year}, add it to law/calendar/cn.yaml",
        )
        super().__init__(Reason("calendar.year", message, passes=passes))


class Calendar:
    """Workdays of consecutive years.

    Args:
        first: the first year.
        last: the last year.
        workdays: all workdays of those years, ascending, as proleptic ordinals.
        closures: further days on which the center is closed.
    """

    def __init__(self, first: int, last: int, workdays: list[int], closures: Iterable[date] = ()) -> None:
        self.first, self.last = first, last
        self._work = workdays
        self._set = frozenset(workdays)
        self._from = date(first, 1, 1).toordinal()
        self._to = date(last, 12, 31).toordinal()
        self.closures = frozenset(closures)
        closed = {day.toordinal() for day in self.closures}
        self._open = [day for day in workdays if day not in closed]
        self._open_set = frozenset(self._open)

    @classmethod
    def load(cls, closures: Iterable[date] = (), *, path: Path | None = None) -> Calendar:
        """The calendar of law/calendar/cn.yaml (or of another file of that form) with a center's own closures.

        Raises:
            LawFault: the file is wrong, naming its line.
        """
        place = path or law_path("calendar", "cn.yaml")
        return _loaded(place, place.stat().st_mtime_ns, frozenset(closures))

    def _known(self, day: int) -> int:
        if not self._from <= day <= self._to:
            raise NoArrangement(date.fromordinal(day).year)
        return day

    def is_workday(self, day: date) -> bool:
        """Whether the State Council's arrangement makes it a workday. NoArrangement for a year not loaded."""
        return self._known(day.toordinal()) in self._set

    def is_open(self, day: date) -> bool:
        """Whether it is a workday on which the center is not closed."""
        return self._known(day.toordinal()) in self._open_set

    def add_workdays(self, day: date, number: int) -> date:
        """The ``number``-th workday after ``day`` (not counted itself); before it when negative; ``day`` when 0.

        Raises:
            NoArrangement: the count enters a year that is not loaded.
        """
        ordinal = self._known(day.toordinal())
        if number == 0:
            return day
        if number > 0:
            place = bisect_right(self._work, ordinal) + number - 1
            if place >= len(self._work):
                raise NoArrangement(self.last + 1)
        else:
            place = bisect_left(self._work, ordinal) + number
            if place < 0:
                raise NoArrangement(self.first - 1)
        return date.fromordinal(self._work[place])

    def workdays_between(self, start: date, end: date) -> int:
        """Workdays after ``start`` up to and with ``end`` (0 when ``end`` is not later)."""
        low, high = self._known(start.toordinal()), self._known(end.toordinal())
        return max(0, bisect_right(self._work, high) - bisect_right(self._work, low))

    def roll_forward(self, day: date, *, closures: bool = False) -> date:
        """The day itself when a workday, else the first workday after it (Civil Code article 203).

        Args:
            closures: also pass over the center's own closures (for earliest dates only).
        """
        ordinal = self._known(day.toordinal())
        days = self._open if closures else self._work
        place = bisect_left(days, ordinal)
        if place >= len(days):
            raise NoArrangement(self.last + 1)
        return date.fromordinal(days[place])


@lru_cache(maxsize=64)
def _loaded(path: Path, changed_ns: int, closures: frozenset[date]) -> Calendar:
    return Calendar(*_workdays(path, changed_ns), closures)


@lru_cache(maxsize=8)
def _workdays(path: Path, changed_ns: int) -> tuple[int, int, list[int]]:
    file = read(path)
    years = sorted(file.need(("years",), dict))
    if not years or years != list(range(years[0], years[0] + len(years))):
        raise file.fault(("years",), "年份须连续", "the years must follow one another without a gap")
    work: list[int] = []
    for year in years:
        rest, extra = _days(file, year, "rest"), _days(file, year, "work")
        day = date(year, 1, 1)
        while day.year == year:
            if day in extra or (day.weekday() < 5 and day not in rest):
                work.append(day.toordinal())
            day += timedelta(days=1)
    return years[0], years[-1], work


def _days(file: LawFile, year: int, key: str) -> set[date]:
    """The days of one list; weekdays only in ``rest``, weekend days only in ``work``."""
    where = ("years", year, key)
    days: set[date] = set()
    for text in file.need(where, str).split():
        try:
            day = date.fromisoformat(f"{year}-{text}")
        except ValueError:
            raise file.fault(where, f"“{text}”不是月日", f"“{text}” is not a day (MM-DD)") from None
        if (day.weekday() < 5) != (key == "rest"):
            raise file.fault(where, f"{day} 与“{key}”矛盾", f"{day} contradicts “{key}”: {day:%A}")
        days.add(day)
    return days
