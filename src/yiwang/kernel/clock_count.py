"""Counting a period of the law from a moment (Civil Code articles 200 to 204).

The day on which it starts is not counted; a last day of rest rolls to the next workday; the last day ends at 24:00,
which is written here as 23:59:59 local time so that it shows, and counts, as that day. Hours and minutes run from the
moment. Counting back never moves toward the deadline. Days on which a clock is stopped are not counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from yiwang.kernel.calendar import Calendar
from yiwang.kernel.clock_book import Rule
from yiwang.kernel.errors import Refused, bad
from yiwang.kernel.moment import LOCAL
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason

DAY_END = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Pause:
    """A clock stopped from ``start`` to ``end`` (None: still stopped) for a cause of ``clock_book.CAUSES``."""

    start: datetime
    end: datetime | None = None
    cause: str = "suspension"


class Stopped(Refused):
    """The clock is stopped and nobody can say yet when it runs on."""

    def __init__(self, rule: Rule, pause: Pause) -> None:
        message = Text(
            f"期限自{day_of(pause.start)}起中止，恢复后才能推算",
            f"the period is stopped since {day_of(pause.start)}; it can be counted once it runs on",
        )
        super().__init__(Reason(rule.id, message, article=rule.article))


@dataclass(frozen=True, slots=True)
class Due:
    """The result of one count.

    Attributes:
        rule: the rule that was counted.
        start: the moment counted from (for ``before`` rules: the moment counted back from).
        earliest, latest: the bound that the rule sets, aware UTC; the other is None.
        counted: the last day as counted; day: the same after rolling.
        skipped: days not counted because the clock was stopped.
        roster: the duty roster by which a rest day was kept, or empty.
    """

    rule: Rule
    start: datetime
    earliest: datetime | None
    latest: datetime | None
    counted: date
    day: date
    skipped: int = 0
    roster: str = ""

    @property
    def moment(self) -> datetime:
        """The bound, whichever it is."""
        moment = self.earliest or self.latest
        assert moment is not None
        return moment

    @property
    def arithmetic(self) -> list[Text]:
        """Each step of the count in words."""
        from yiwang.kernel.clock_words import arithmetic

        return arithmetic(self)


def aware(moment: date | datetime) -> datetime:
    """An aware moment; a bare date means its beginning in local time. BadInput for a moment without time zone."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(), LOCAL)
    if moment.tzinfo is None:
        raise bad(
            "moment",
            f"时间“{moment}”没有时区",
            f"the moment {moment} has no time zone",
            passes=Text("例如 2026-09-07T09:00+08:00", "e.g. 2026-09-07T09:00+08:00"),
        )
    return moment


def day_of(moment: date | datetime) -> date:
    """The local day of a moment."""
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment.astimezone(LOCAL).date()
    return aware(moment).astimezone(LOCAL).date()


def begin(day: date) -> datetime:
    """00:00 local of a day, in UTC."""
    return datetime.combine(day, time(), LOCAL).astimezone(UTC)


def end_of(day: date) -> datetime:
    """24:00 local of a day, written 23:59:59, in UTC."""
    return datetime.combine(day, DAY_END, LOCAL).astimezone(UTC)


def count(
    rule: Rule,
    start: date | datetime,
    calendar: Calendar,
    *,
    pauses: Sequence[Pause] = (),
    until: datetime | None = None,
    roster: str = "",
    staffed: Mapping[date, str] | None = None,
) -> Due:
    """Count a rule.

    Args:
        start: the moment of ``from_event``; for a ``before`` rule that of ``to_event``.
        pauses: times when clocks stood still; only causes in ``rule.paused_by`` count.
        until: the moment that ends the period, for ``within`` and ``session`` rules.
        roster: id of a duty roster entry that keeps the center open on a last day of rest; only for minimum periods.
        staffed: the rest days for which the center has a duty roster, with its id; the same for whichever day it is.

    Raises:
        NoArrangement: the count needs a year without holiday arrangement.
        Stopped: a pause of this clock has not ended.
        BadInput: ``start`` has no time zone; ``until`` is missing.
    """
    moment = aware(start).astimezone(UTC)
    mine = [pause for pause in pauses if pause.cause in rule.paused_by] if pauses else []
    if rule.unit in ("session", "period_end"):
        return _until(rule, moment, until)
    if rule.unit in ("hour", "minute"):
        return _hours(rule, moment, mine)
    if rule.direction == "before":
        return _back(rule, moment, calendar)
    return _forward(rule, moment, calendar, mine, roster=roster, staffed=staffed or {})


def _until(rule: Rule, start: datetime, until: datetime | None) -> Due:
    if until is None:
        raise bad(
            rule.until,
            "缺少期间的结束时间",
            "the end of the period is not known",
            passes=Text("先给出该期间的结束时间", "give the moment that ends the period"),
        )
    return Due(rule, start, None, until.astimezone(UTC), day_of(until), day_of(until))


def _hours(rule: Rule, start: datetime, pauses: list[Pause]) -> Due:
    length = timedelta(hours=rule.amount) if rule.unit == "hour" else timedelta(minutes=rule.amount)
    if rule.direction == "before":
        end = start - length
    else:
        end = start + length
        for pause in sorted(pauses, key=lambda item: item.start):
            low = max(pause.start, start)
            if low < end and (pause.end is None or pause.end > low):
                end += _ended(rule, pause) - low
    # counting back turns the bound round: "at most 24 hours before" is an earliest moment, "at least" a latest one
    earliest = (rule.bound == "min") == (rule.direction == "after")
    return Due(rule, start, end if earliest else None, None if earliest else end, day_of(end), day_of(end))


def _ended(rule: Rule, pause: Pause) -> datetime:
    if pause.end is None:
        raise Stopped(rule, pause)
    return pause.end


def _back(rule: Rule, start: datetime, calendar: Calendar) -> Due:
    anchor = day_of(start)
    if rule.unit == "working_day":
        day = calendar.add_workdays(anchor, -rule.amount)
    else:
        day = anchor - timedelta(days=rule.amount)
    if rule.bound == "min":
        return Due(rule, start, None, end_of(day), day, day)
    return Due(rule, start, begin(day), None, day, day)


def _forward(
    rule: Rule, start: datetime, calendar: Calendar, pauses: list[Pause], *, roster: str, staffed: Mapping[date, str]
) -> Due:
    first = day_of(start)
    least = rule.bound == "min"
    if pauses:
        counted, skipped = _count_past(rule, first, calendar, pauses)
    else:
        counted, skipped = _plain(rule, first, calendar), 0
    day, kept = counted, ""
    if not least:
        if rule.rolls and rule.unit != "working_day":
            day = calendar.roll_forward(counted)
        return Due(rule, start, None, end_of(day), counted, day, skipped)
    if rule.rolls and (rule.unit != "working_day" or calendar.closures):
        day, kept = open_from(counted, calendar, roster, staffed)
    return Due(rule, start, end_of(day) if rule.full_days else begin(day), None, counted, day, skipped, kept)


def open_from(day: date, calendar: Calendar, roster: str, staffed: Mapping[date, str]) -> tuple[date, str]:
    """The first day from this one on which the center is open, and the roster by which it is, if it is a rest day."""
    if roster:
        return day, "" if calendar.is_open(day) else roster
    last = calendar.roll_forward(day, closures=True)
    kept = min((each for each in staffed if day <= each < last), default=None)
    return (last, "") if kept is None else (kept, staffed[kept])


def _plain(rule: Rule, first: date, calendar: Calendar) -> date:
    if rule.unit == "working_day":
        return calendar.add_workdays(first, rule.amount)
    if rule.unit == "natural_day":
        return first + timedelta(days=rule.amount)
    return _corresponding(first, rule.amount * (12 if rule.unit == "year" else 1))


def _corresponding(first: date, months: int) -> date:
    """The corresponding day of a later month, or that month's last day (article 202)."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    after = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(first.day, (after - timedelta(days=1)).day))


def _count_past(rule: Rule, first: date, calendar: Calendar, pauses: list[Pause]) -> tuple[date, int]:
    """Day by day over pauses. The day on which a pause begins counts, the following to its last day do not."""
    spans = [(day_of(pause.start), None if pause.end is None else day_of(pause.end), pause) for pause in pauses]
    workdays = rule.unit == "working_day"
    by_date = rule.unit in ("month", "year")
    left = (_plain(rule, first, calendar) - first).days if by_date else rule.amount
    day, skipped = first, 0
    while left:
        day += timedelta(days=1)
        holding = next((p for low, high, p in spans if low < day and (high is None or day <= high)), None)
        if holding is not None:
            _ended(rule, holding)
            skipped += 1
        elif not workdays or calendar.is_workday(day):
            left -= 1
    return day, skipped
