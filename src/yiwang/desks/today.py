"""Page: what falls due today and in the coming days, for whoever is signed in, and the address of the own feed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.desks import calendar_feed, falls_due, wording
from yiwang.desks.access import actor_of, signed_in
from yiwang.desks.frame import desk
from yiwang.kernel import moment
from yiwang.kernel.clock_count import day_of
from yiwang.kernel.clock_words import shown_day
from yiwang.kernel.text import Text
from yiwang.ui.shapes import Tag
from yiwang.ui.tables import Column, Table, table_of

TITLE = Text("今日到期", "Due today")
AHEAD = 14
"""Days that the second table looks ahead."""


@signed_in
def page(request: HttpRequest) -> HttpResponse:
    """What is overdue or falls due today, then what comes in the next two weeks."""
    actor, now = actor_of(request), moment.now()
    today = day_of(now)
    falls = falls_due.all_of(actor, until=now + timedelta(days=AHEAD + 1))
    due = [each for each in falls if day_of(each.at) == today or (each.latest and each.at < now)]
    coming = [each for each in falls if today < day_of(each.at) <= today + timedelta(days=AHEAD)]
    context = {
        **desk(request, current="desk:today", crumbs=((TITLE, ""),)),
        "title": TITLE, "day": shown_day(today), "number": len(due),
        "due": _table(request, Text("今天", "Today"), due, Text("今天没有到期的事。", "Nothing falls due today.")),
        "coming": _table(request, Text(f"今后 {AHEAD} 日", f"The next {AHEAD} days"), coming,
                         Text("近期没有到期的事。", "Nothing falls due soon.")),
        "feed": calendar_feed.own_address(request), "public_feed": reverse("public:center_calendar"),
    }  # fmt: skip
    return render(request, "desks/today.html", context)


def _table(request: HttpRequest, caption: Text, rows: list[falls_due.Falls], empty: Text) -> Table:
    columns = [
        Column("at", Text("时间", "When"), "when"),
        Column("what", Text("事项", "What"), head=True, url=lambda row: reverse("desk:tender", args=[row.tender.number])),
        Column("title", Text("项目", "Tender"), value=lambda row: row.tender.title),
        Column("number", Text("编号", "Number"), value=lambda row: wording.number(row.tender)),
        Column("mine", Text("由谁", "By"), "tag", value=_whose),
        Column("law", Text("依据", "Law"), value=_law),
    ]
    return table_of(request, caption, columns, rows[:200], per_page=200, empty=empty)


def _whose(row: falls_due.Falls) -> Tag:
    if row.latest and row.at < moment.now():
        return Tag(Text("已过期限", "overdue"), "bad")
    return Tag(Text("由您办理", "yours"), "wait") if row.mine else Tag(Text("知悉", "to know"), "open")


def _law(row: falls_due.Falls) -> Any:
    return "；".join(row.articles[:2])
