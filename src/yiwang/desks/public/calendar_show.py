"""The calendar that periods are counted by: workdays, rest days and make-up workdays of a year."""

from __future__ import annotations

import calendar as months
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.kernel.calendar import Calendar, NoArrangement
from yiwang.kernel.clock_count import day_of
from yiwang.kernel.moment import LOCAL, now
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.tenders import selectors as tenders
from yiwang.modules.venues import selectors as venues
from yiwang.ui.formats import MONTHS_EN
from yiwang.ui.shapes import Link

WEEK = [
    (Text(f"周{zh}", en), Text(zh, en[:2]))
    for zh, en in zip("一二三四五六日", ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
]


@dataclass(frozen=True)
class Day:
    """One day: ``kind`` is ``work``, ``weekend``, ``rest`` (a weekday off) or ``makeup`` (a weekend day worked).

    ``center``: ``staffed`` or ``closed`` where the center departs from that; ``openings``: how many are fixed for it.
    """

    date: date
    kind: str
    today: bool
    center: str = ""
    openings: int = 0


@dataclass(frozen=True)
class Month:
    """One month as weeks of seven places; a place outside the month is None."""

    name: Text
    weeks: list[list[Day | None]]
    workdays: int


def calendar(request: HttpRequest) -> HttpResponse:
    """Workdays and rest days of a year; a year without an arrangement says so."""
    known = Calendar.load()
    this = now().astimezone(LOCAL).date()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdigit() and 1900 <= int(asked) <= 2200 else this.year
    shown = known.first <= year <= known.last
    entries = list(venues.days(date(year, 1, 1), date(year, 12, 31)))
    marks = _Marks(this, {each.day: each.kind for each in entries}, _openings(year))
    context = {
        "year": year,
        "months": [_month(known, year, number, marks) for number in range(1, 13)] if shown else [],
        "entries": [each for each in entries if each.day >= this] if year >= this.year else entries,
        "openings": sum(marks.openings.values()),
        "reason": None if shown else NoArrangement(year).reasons[0],
        "week": WEEK,
        "years": [Link(str(each), f"?year={each}", each == year) for each in range(known.first, known.last + 2)],
        "breadcrumbs": [Link(Text("规则与期限", "Rules and periods"), reverse("public:law")), Link(Text("工作日历", "Calendar"))],
    }
    return render(request, "desks/public/calendar.html", context)


@dataclass(frozen=True)
class _Marks:
    today: date
    center: dict[date, str]
    openings: Counter[date]


def _openings(year: int) -> Counter[date]:
    """How many openings of public tenders are fixed for each day of a year."""
    first = datetime(year, 1, 1, tzinfo=LOCAL)
    fixed = tenders.visible_to(PUBLIC).filter(state="tendering", deadline__gte=first, deadline__lt=first.replace(year=year + 1))
    return Counter(day_of(at) for at in fixed.order_by().values_list("deadline", flat=True))


def _month(known: Calendar, year: int, number: int, marks: _Marks) -> Month:
    weeks: list[list[Day | None]] = [
        [_day(known, day, marks) if day.month == number else None for day in week]
        for week in months.Calendar().monthdatescalendar(year, number)
    ]
    days = [day for week in weeks for day in week if day]
    workdays = sum(day.kind in ("work", "makeup") for day in days)
    return Month(Text(f"{number}月", MONTHS_EN[number - 1]), weeks, workdays)


def _day(known: Calendar, day: date, marks: _Marks) -> Day:
    works, weekend = known.is_workday(day), day.weekday() >= 5
    kind = ("makeup" if works else "weekend") if weekend else ("work" if works else "rest")
    return Day(day, kind, day == marks.today, marks.center.get(day, ""), marks.openings[day])
