"""The center's overview: all living tenders by stage."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.desks import wording
from yiwang.desks.access import actor_of, only_duty, signed_in
from yiwang.desks.frame import desk
from yiwang.kernel.text import Text
from yiwang.modules.tenders import selectors as tenders
from yiwang.ui.shapes import Filter
from yiwang.ui.tables import Column, Table, table_of

LIVING = ("draft", "tendering", "closed", "opened", "evaluating", "evaluated", "admitted", "publicity", "awarded", "contracted")
TITLE = Text("在办项目总览", "Living tenders by stage")


@signed_in
def page(request: HttpRequest) -> HttpResponse:
    """Show how many tenders stand at each stage, and the tenders of one stage or of all."""
    actor = actor_of(request)
    only_duty(actor, "center")
    state = request.GET.get("state", "")
    found = tenders.visible_to(actor).filter(state__in=LIVING)
    context = {
        **desk(request, current="desk:center", crumbs=((TITLE, ""),)),
        "title": TITLE,
        "stages": stages(found, state, reverse("desk:center")),
        "table": _table(request, found.filter(state=state) if state in LIVING else found, state),
    }
    return render(request, "desks/center/overview.html", context)


def stages(found: Any, state: str, url: str) -> list[dict[str, Any]]:
    """One tile per stage: its name, how many stand there, the link that shows them."""
    counts = dict(found.order_by().values_list("state").annotate(n=Count("pk", distinct=True)))
    return [
        {
            "name": wording.state_name(code),
            "count": counts.get(code, 0),
            "url": f"{url}?state={code}",
            "current": code == state,
        }
        for code in LIVING
    ]


def _table(request: HttpRequest, found: Any, state: str) -> Table:
    columns = [
        Column("title", Text("项目名称", "Title"), head=True, url=lambda t: reverse("desk:tender", args=[t.number])),
        Column("number", Text("编号", "Number"), value=wording.number, sort=True),
        Column("state", Text("阶段", "Stage"), "tag", value=wording.state_tag),
        Column("buyer", Text("招标人", "Buyer"), value=lambda t: t.buyer.name),
        Column("budget", Text("预算（元）", "Budget (yuan)"), "money", sort=True),
        Column("deadline", Text("投标截止", "Deadline"), "when", sort=True),
    ]
    choices = [(code, wording.state_name(code)) for code in LIVING]
    filters = [Filter("state", Text("阶段", "Stage"), choices=choices, value=state)]
    return table_of(
        request,
        Text("在办项目", "Living tenders"),
        columns,
        found,
        filters=filters,
        per_page=30,
        default_sort="-number",
    )
