"""The calendar that periods are counted by: workdays, rest days and make-up workdays of a year."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.kernel.calendar import Calendar, NoArrangement
from yiwang.kernel.moment import LOCAL, now
from yiwang.kernel.text import Text
from yiwang.ui.formats import MONTHS_EN
from yiwang.ui.shapes import Link

WEEK = [
    (Text(f"周{zh}", en), Text(zh, en[:2]))
    for zh, en in zip("一二三四五六日", ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
]


@dataclass(frozen=True)
class Day:
    """One day: ``kind`` is ``work``, ``weekend``, ``rest`` (a weekday off) or ``makeup`` (a weekend day worked)."""

    date: date
    kind: str
    today: bool


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
    context = {
        "year": year,
        "months": [_month(known, year, number, this) for number in range(1, 13)] if shown else [],
        "reason": None if shown else NoArrangement(year).reasons[0],
        "week": WEEK,
        "years": [Link(str(each), f"?year={each}", each == year) for each in range(known.first, known.last + 2)],
        "breadcrumbs": [Link(Text("规则与期限", "Rules and periods"), reverse("public:law")), Link(Text("工作日历", "Calendar"))],
    }
    return render(request, "desks/public/calendar.html", context)


def _month(known: Calendar, year: int, number: int, today: date) -> Month:
    weeks: list[list[Day | None]] = [
        [_day(known, day, today) if day.month == number else None for day in week]
        for week in months.Calendar().monthdatescalendar(year, number)
    ]
    days = [day for week in weeks for day in week if day]
    workdays = sum(day.kind in ("work", "makeup") for day in days)
    return Month(Text(f"{number}月", MONTHS_EN[number - 1]), weeks, workdays)


def _day(known: Calendar, day: date, today: date) -> Day:
    works, weekend = known.is_workday(day), day.weekday() >= 5
    kind = ("makeup" if works else "weekend") if weekend else ("work" if works else "rest")
    return Day(day, kind, day == today)
