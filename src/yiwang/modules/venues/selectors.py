"""Reads of the center's calendar: who asks for a day gets what the arrangement and the center's own entries make of it."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from yiwang.kernel.calendar import Calendar
from yiwang.kernel.clock_count import day_of
from yiwang.kernel.clock_words import shown_day
from yiwang.kernel.lawfile import LawFile, law_path, read
from yiwang.kernel.moment import LOCAL
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, no
from yiwang.modules.venues.models import CenterDay


def days(first: date | None = None, last: date | None = None) -> QuerySet[CenterDay]:
    """The entries that stand, by day; all of them are public."""
    found = CenterDay.objects.filter(withdrawn_at=None)
    if first is not None:
        found = found.filter(day__gte=first)
    return found.filter(day__lte=last) if last is not None else found


def entry(number: int) -> CenterDay | None:
    """The entry of that number, also one withdrawn."""
    return CenterDay.objects.filter(number=number).first()


def calendar() -> Calendar:
    """The calendar by which this center counts: the State Council's arrangement and the center's own closures."""
    return Calendar.load(days().filter(kind="closed").values_list("day", flat=True))


def staffed() -> dict[date, str]:
    """The rest days for which a duty roster stands, with its id."""
    return {each.day: each.chain for each in days().filter(kind="staffed")}


def roster(moment: date | datetime) -> str:
    """The id of the duty roster that keeps the center open at that moment of a rest day (``calendar/3``), or empty.

    Args:
        moment: a day, or a moment, which must then lie within the hours of duty.
    """
    found = days().filter(kind="staffed", day=day_of(moment)).first()
    if found is None or (isinstance(moment, datetime) and not _within(found, moment)):
        return ""
    return found.chain


def _within(found: CenterDay, moment: datetime) -> bool:
    local = moment.astimezone(LOCAL).time().replace(second=0, microsecond=0)
    return found.starts is not None and found.ends is not None and found.starts <= local <= found.ends


def open_at(moment: datetime, *, field: str = "") -> Verdict:
    """Whether the center is open at a moment, so that an opening may be fixed for it.

    Args:
        field: the form field to name in the refusal.

    Returns:
        YES on an open workday and within the hours of a duty roster; else why not and what would pass.

    Raises:
        NoArrangement: the year has no holiday arrangement.
    """
    known, day = calendar(), day_of(moment)
    if known.is_open(day) or roster(moment):
        return YES
    free, shown = shown_day(known.roll_forward(day, closures=True)), shown_day(day)
    staffed = days().filter(kind="staffed", day=day).first()
    message = Text(f"{shown.zh}是休息日，没有值班表", f"{shown.en} is a rest day without a duty roster")
    if staffed is not None:
        message = Text(
            f"{shown.zh}值班时间为{staffed.starts:%H:%M}至{staffed.ends:%H:%M}",
            f"on {shown.en} the hours of duty are {staffed.starts:%H:%M} to {staffed.ends:%H:%M}",
        )
    elif known.is_workday(day):
        message = Text(f"{shown.zh}中心公告不办公", f"the center has announced that it is closed on {shown.en}")
    passes = Text(
        f"改到{free.zh}，或者请交易中心先为当日排定值班", f"move it to {free.en}, or ask the center for a duty roster that day"
    )
    return no("calendar.roster", message, article="民法典 第203条", field=field, passes=passes)


def law() -> dict[str, Any]:
    """The promises of law/venues.yaml."""
    path = law_path("venues.yaml")
    return _law(str(path), path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _law(path: str, changed_ns: int) -> dict[str, Any]:
    file: LawFile = read(law_path("venues.yaml"))
    return {
        "people_least": file.need(("staff", "people_least"), int),
        "days_ahead": file.need(("close", "days_ahead"), int),
        "staff": file.text(("staff", "says")),
        "close": file.text(("close", "says")),
        "staff_article": file.need(("staff", "article"), str),
        "close_article": file.need(("close", "article"), str),
    }
