"""Page: the statutory clock of one tender: for each step the earliest and latest lawful moment, with the reason of each day.

Hosts, center and supervisor see every step. Everybody else sees what is public of it: dates that are fixed, and steps that
are public when they are done; the rest would betray when secret steps were.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.desks import bounds
from yiwang.desks.access import actor_of
from yiwang.kernel import clock
from yiwang.kernel.clock_count import Pause
from yiwang.kernel.clock_days import CountedDay, days_of
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import roles_towards
from yiwang.modules.tenders import selectors as tenders
from yiwang.modules.tenders.clock_facts import suspensions
from yiwang.modules.venues import selectors as venues
from yiwang.ui.shapes import Link, Tag

HOSTS = ("buyer", "agency", "center", "supervisor")
STATUS = {
    "done": Tag(Text("已办", "done"), "good"),
    "planned": Tag(Text("已定", "fixed"), "wait"),
    "coming": Tag(Text("推算", "counted"), "open"),
    "open": Tag(Text("不限", "open"), "open"),
    "unknown": Tag(Text("暂不能推算", "cannot be told"), "bad"),
}


@dataclass(frozen=True)
class Counted:
    """One count of a step: its rule, its arithmetic, its days."""

    due: clock.Due
    lines: list[Text]
    days: list[CountedDay]


@dataclass(frozen=True)
class Row:
    """One step as the page shows it."""

    step: clock.Step
    tag: Tag
    counts: list[Counted]


def page(request: HttpRequest, number: str) -> HttpResponse:
    """The clock of a tender that the reader may see."""
    actor = actor_of(request)
    tender = tenders.tender(actor, number)
    inside = bool({*roles_towards(actor, tender), actor.duty}.intersection(HOSTS))
    calendar, staffed, pauses = venues.calendar(), venues.staffed(), suspensions(tender)
    steps = [step for step in bounds.steps(tender, calendar, staffed) if _shown(step, tender, inside=inside)]
    context = {
        "tender": tender,
        "rows": [_row(step, calendar, pauses) for step in steps],
        "pauses": [each for each in pauses if inside or each.cause == "suspension"],
        "procedure": tenders.law_of(tender),
        "breadcrumbs": [
            Link(Text("交易项目", "Tenders"), reverse("public:tenders")),
            Link(tender.title, reverse("public:tender", args=[number])),
            Link(Text("法定期限", "Statutory clock")),
        ],
    }
    return render(request, "desks/public/tender_clock.html", context)


def _shown(step: clock.Step, tender: Any, *, inside: bool) -> bool:
    if not (step.dues or step.reasons or step.status == "planned"):
        return False
    return inside or step.status == "planned" or (step.status == "done" and step.step.public == "at_once")


def _row(step: clock.Step, calendar: clock.Calendar, pauses: list[Pause]) -> Row:
    counts = [Counted(due, due.arithmetic, days_of(due, calendar, pauses)) for due in step.dues]
    return Row(step, STATUS[step.status], counts)

