"""A count day by day: which day it is in the count, or why it is not counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from yiwang.kernel.calendar import Calendar
from yiwang.kernel.clock_count import Due, Pause, day_of
from yiwang.kernel.text import Text

LONGEST = 400
"""Counts over more days than this are not listed day by day."""

_START = Text("起算当日，不计（民法典第201条）", "the day it starts from is not counted (Civil Code, article 201)")
_ANCHOR = Text("截止当日，不计", "the day of the deadline is not counted")
_STOPPED = Text("期限中止，不计", "the clock is stopped: not counted")
_ROLLED = Text("最后一日遇休息日，顺延（民法典第203条）", "the last day is a rest day: it rolls on (Civil Code, article 203)")
_CLOSED = Text("中心不办公，顺延", "the center is closed: it rolls on")
_REST = Text("休息日，不计", "a rest day: not counted")


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One day of a count.

    Attributes:
        number: its number in the count; None when it is not counted. why: what it is, or why it is not counted.
    """

    day: date
    number: int | None
    why: Text

    def to_json(self) -> dict[str, Any]:
        """JSON form."""
        return {"day": self.day.isoformat(), "number": self.number, "why": {"zh": self.why.zh, "en": self.why.en}}


def days_of(due: Due, calendar: Calendar, pauses: Sequence[Pause] = ()) -> list[CountedDay]:
    """Every day from the start of a count to its result; empty for hours, sessions and periods of many years."""
    rule = due.rule
    first = day_of(due.start)
    if rule.unit not in ("natural_day", "working_day", "month", "year") or abs((due.day - first).days) > LONGEST:
        return []
    if rule.direction == "before":
        return _back(due, calendar, first)
    mine = [pause for pause in pauses if pause.cause in rule.paused_by]
    found, number = [CountedDay(first, None, _START)], 0
    for step in range(1, (due.day - first).days + 1):
        day = first + timedelta(days=step)
        why = _not_counted(due, day, calendar, mine)
        if why is None:
            number += 1
        found.append(CountedDay(day, None if why else number, why or _kind(day, number, calendar)))
    if due.roster:
        last = found[-1]
        text = Text(f"{last.why.zh}；按值班表 {due.roster} 办公", f"{last.why.en}; on duty by roster {due.roster}")
        found[-1] = CountedDay(last.day, last.number, text)
    return found


def _not_counted(due: Due, day: date, calendar: Calendar, pauses: list[Pause]) -> Text | None:
    if any(day_of(each.start) < day and (each.end is None or day <= day_of(each.end)) for each in pauses):
        return _STOPPED
    if day > due.counted:
        if day == due.day:
            return Text("顺延后的最后一日", "the last day after rolling on")
        return _CLOSED if calendar.is_workday(day) else _ROLLED
    if due.rule.unit == "working_day" and not calendar.is_workday(day):
        return _REST
    return None


def _kind(day: date, number: int, calendar: Calendar) -> Text:
    if calendar.is_workday(day):
        kind = Text("调休上班日", "make-up workday") if day.weekday() > 4 else Text("工作日", "workday")
    else:
        kind = Text("休息日", "rest day") if day.weekday() > 4 else Text("法定节假日", "public holiday")
    return Text(f"第{number}日，{kind.zh}", f"day {number}, {kind.en}")


def _back(due: Due, calendar: Calendar, anchor: date) -> list[CountedDay]:
    found, number = [CountedDay(anchor, None, _ANCHOR)], 0
    for step in range(1, (anchor - due.day).days + 1):
        day = anchor - timedelta(days=step)
        if due.rule.unit == "working_day" and not calendar.is_workday(day):
            found.append(CountedDay(day, None, _REST))
            continue
        number += 1
        found.append(CountedDay(day, number, _kind(day, number, calendar)))
    return found
