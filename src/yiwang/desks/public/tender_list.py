"""Lists of tenders for everybody: all that are published, and the results."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.desks.shown import state_tag
from yiwang.kernel.text import Text
from yiwang.modules.evidence import registry
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.tenders import selectors as tenders_read
from yiwang.modules.tenders.acts import CATEGORIES
from yiwang.ui.shapes import Filter
from yiwang.ui.tables import Column, table_of

DECIDED = ("awarded", "contracted", "archived")


def tenders(request: HttpRequest) -> HttpResponse:
    """All published tenders with filters kept in the address."""
    rows = filtered(request, tenders_read.visible_to(PUBLIC))
    table = table_of(
        request,
        Text("交易项目", "Tenders"),
        [
            Column("number", Text("编号", "Number"), sort=True),
            Column("title", Text("项目名称", "Title"), head=True, url=_url),
            Column("category", Text("类别", "Kind"), value=lambda row: CATEGORIES[row.category]),
            Column("buyer", Text("招标人", "Buyer"), value=lambda row: row.buyer.name),
            Column("budget", Text("预算（元）", "Budget (yuan)"), "money", sort=True),
            Column("deadline", Text("投标截止", "Deadline"), "when", sort=True),
            Column("state", Text("状态", "State"), "tag", value=state_tag),
        ],
        rows,
        filters=filters(request),
        default_sort="-number",
        empty=Text("没有符合条件的项目。换一个条件，或查看全部项目。", "No tender fits. Try other filters, or see them all."),
    )
    return render(request, "desks/public/tenders.html", {"table": table})


def results(request: HttpRequest) -> HttpResponse:
    """Decided tenders: who won what, from whom, for how much."""
    rows = filtered(request, tenders_read.visible_to(PUBLIC)).filter(award__notified_at__isnull=False)
    table = table_of(
        request,
        Text("中标结果", "Results"),
        [
            Column("title", Text("项目名称", "Title"), head=True, url=_url),
            Column("buyer", Text("招标人", "Buyer"), value=lambda row: row.buyer.name),
            Column("winner", Text("中标人", "Supplier"), value=lambda row: row.award.tenderer.name),
            Column("award__price", Text("中标价（元）", "Price (yuan)"), "money", value=lambda row: row.award.price, sort=True),
            Column("award__notified_at", Text("中标通知", "Award notice"), "when", value=lambda row: row.award.notified_at, sort=True),
        ],
        rows.select_related("award__tenderer"),
        filters=filters(request),
        default_sort="-award__notified_at",
        empty=Text("还没有中标结果。", "No results yet."),
    )
    return render(request, "desks/public/results.html", {"table": table})


def filtered(request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows that the address's filters leave."""
    asked = request.GET
    if asked.get("q"):
        rows = rows.filter(Q(title__icontains=asked["q"]) | Q(number__icontains=asked["q"]) | Q(buyer__name__icontains=asked["q"]))
    if asked.get("state") in registry.TABLES["tender"].states:
        rows = rows.filter(state=asked["state"])
    if asked.get("category") in CATEGORIES:
        rows = rows.filter(category=asked["category"])
    return rows


def filters(request: HttpRequest) -> list[Filter]:
    """The filters above a list."""
    states = [(code, state.name) for code, state in registry.TABLES["tender"].states.items() if code != "draft"]
    return [
        Filter("q", Text("搜索", "Search"), value=request.GET.get("q", ""), hint=Text("名称、编号或招标人", "title, number or buyer")),
        Filter("state", Text("状态", "State"), choices=states, value=request.GET.get("state", "")),
        Filter("category", Text("类别", "Kind"), choices=list(CATEGORIES.items()), value=request.GET.get("category", "")),
    ]


def _url(row: Any) -> str:
    return reverse("public:tender", args=[row.number])
