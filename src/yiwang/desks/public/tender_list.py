"""Lists of tenders for everybody: all that are published, and the results."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.desks import wording
from yiwang.desks.public import export
from yiwang.kernel.text import Text
from yiwang.modules.evidence import registry
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.tenders import selectors as tenders_read
from yiwang.modules.tenders.acts import CATEGORIES
from yiwang.ui.shapes import Filter
from yiwang.ui.tables import Column, order_of, table_of


def tenders(request: HttpRequest) -> HttpResponse:
    """All published tenders with filters kept in the address."""
    rows = filtered(request, tenders_read.visible_to(PUBLIC))
    if kind := export.wanted(request):
        return export.as_file(kind, "tenders", map(_row, _ordered(request, rows, TENDERS, "-number")))
    table = table_of(
        request,
        Text("交易项目", "Tenders"),
        TENDERS,
        rows,
        filters=filters(request),
        default_sort="-number",
        empty=Text("第一个招标公告发布后，这里列出全部项目。", "Once the first notice is out, all tenders are listed here."),
    )
    return render(request, "desks/public/tenders.html", {"table": table})


def results(request: HttpRequest) -> HttpResponse:
    """Decided tenders: who won what, from whom, for how much."""
    rows = filtered(request, tenders_read.visible_to(PUBLIC), winner=True).filter(award__notified_at__isnull=False)
    rows = rows.select_related("award__tenderer")
    if kind := export.wanted(request):
        return export.as_file(kind, "results", map(_result, _ordered(request, rows, RESULTS, "-notified")))
    table = table_of(
        request,
        Text("中标结果", "Results"),
        RESULTS,
        rows,
        filters=[each for each in filters(request, winner=True) if each.name != "state"],
        default_sort="-notified",
        empty=Text("第一份中标通知书发出后，这里列出谁中标、中标价多少。", "Once an award notice is out, it stands here who won, at what price."),
    )
    return render(request, "desks/public/results.html", {"table": table})


def filtered(request: HttpRequest, rows: QuerySet[Any], *, winner: bool = False) -> QuerySet[Any]:
    """The rows that the address's filters leave; ``winner`` searches the suppliers' names as well."""
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "state", "category")}
    if q := asked["q"].replace("\x00", ""):
        found = Q(title__icontains=q) | Q(number__icontains=q) | Q(buyer__name__icontains=q)
        rows = rows.filter(found | Q(award__notified_at__isnull=False, award__tenderer__name__icontains=q) if winner else found)
    if asked["state"] in registry.TABLES["tender"].states:
        rows = rows.filter(state=asked["state"])
    if asked["category"] in CATEGORIES:
        rows = rows.filter(category=asked["category"])
    return rows


def filters(request: HttpRequest, *, winner: bool = False) -> list[Filter]:
    """The filters above a list."""
    states = [(code, name) for code, name in wording.state_choices() if code != "draft"]
    hint = Text("名称、编号、招标人", "title, number, buyer")
    if winner:
        hint = Text("名称、编号、招标人、中标人", "title, number, buyer, supplier")
    return [
        Filter("q", Text("搜索", "Search"), value=request.GET.get("q", ""), hint=hint),
        Filter("state", Text("状态", "State"), choices=states, value=request.GET.get("state", "")),
        Filter("category", Text("类别", "Kind"), choices=list(CATEGORIES.items()), value=request.GET.get("category", "")),
    ]


def _ordered(request: HttpRequest, rows: QuerySet[Any], columns: list[Column], default: str) -> QuerySet[Any]:
    return rows.order_by(order_of(request, columns, default), "pk")[: export.MOST]


def _url(row: Any) -> str:
    return reverse("public:tender", args=[row.number])


def _row(row: Any) -> export.Row:
    return {
        "number": row.number,
        "title": row.title,
        "category": row.category,
        "state": row.state,
        "buyer": row.buyer.name,
        "buyer_uscc": row.buyer.uscc,
        "agency": row.agency.name if row.agency else "",
        "budget_yuan": export.yuan(row.budget),
        "deadline": row.deadline,
    }


def _result(row: Any) -> export.Row:
    return {
        **_row(row),
        "supplier": str(row.award.party),
        "supplier_uscc": row.award.tenderer.uscc,
        "price_yuan": export.yuan(row.award.price),
        "rank": row.award.rank,
        "notified_at": row.award.notified_at,
    }


TENDERS = [
    Column("number", Text("编号", "Number"), value=wording.number, sort=True),
    Column("title", Text("项目名称", "Title"), head=True, url=_url),
    Column("category", Text("类别", "Kind"), value=lambda row: CATEGORIES[row.category]),
    Column("buyer", Text("招标人", "Buyer"), value=lambda row: row.buyer.name),
    Column("budget", Text("预算（元）", "Budget (yuan)"), "money", sort=True),
    Column("deadline", Text("投标截止", "Bids close"), "when", sort=True),
    Column("state", Text("状态", "State"), "tag", value=wording.state_tag),
]
"""Columns of the list of tenders."""

RESULTS = [
    Column("number", Text("编号", "Number"), value=wording.number, sort=True),
    Column("title", Text("项目名称", "Title"), head=True, url=_url),
    Column("buyer", Text("招标人", "Buyer"), value=lambda row: row.buyer.name),
    Column("winner", Text("中标人", "Supplier"), value=lambda row: row.award.party),
    Column("price", Text("中标价（元）", "Price (yuan)"), "money", value=lambda row: row.award.price, sort="award__price"),
    Column("notified", Text("中标通知", "Award notice"), "when", value=lambda row: row.award.notified_at, sort="award__notified_at"),
]
"""Columns of the list of results."""
