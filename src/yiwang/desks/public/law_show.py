"""The law as the system knows it: every rule with its article, and the center's calendar."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.kernel import procedures, rules
from yiwang.kernel.calendar import Calendar
from yiwang.kernel.errors import NotVisible
from yiwang.kernel.moment import LOCAL, now


def law(request: HttpRequest) -> HttpResponse:
    """All procedures and rules."""
    return render(request, "desks/public/law.html", {"procedures": procedures.all_procedures(), "rules": rules.all_rules()})


def rule(request: HttpRequest, rule: str) -> HttpResponse:
    """One rule."""
    found = next((page for page in rules.all_rules() if page.id == rule), None)
    if found is None:
        raise NotVisible
    return render(request, "desks/public/rule.html", {"rule": found})


def calendar(request: HttpRequest) -> HttpResponse:
    """Workdays and rest days of a year; a year without an arrangement says so."""
    known = Calendar.load()
    year = now().astimezone(LOCAL).year
    asked = request.GET.get("year", "")
    if asked.isdigit():
        year = int(asked)
    return render(request, "desks/public/calendar.html", {"year": year, "known": known.first <= year <= known.last,
                                                          "years": range(known.first, known.last + 1), "calendar": known})  # fmt: skip
