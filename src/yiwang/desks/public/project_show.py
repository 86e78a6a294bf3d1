"""A project with its lots (标段) for everybody: each lot's state and result, and how many one tenderer may win."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.desks import wording
from yiwang.kernel.text import Text
from yiwang.modules.awards import selectors as awards
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.tenders import selectors as tenders
from yiwang.ui import shapes
from yiwang.ui.tables import Column, Table, table_of


def page(request: HttpRequest, number: str) -> HttpResponse:
    """Show the project; 404 while none of its lots is published."""
    found = tenders.project(PUBLIC, number)
    rows = list(tenders.lots_of(PUBLIC, found))
    context = {
        "project": found,
        "facts": _facts(found, rows),
        "table": lots_table(rows),
        "breadcrumbs": [shapes.Link(Text("交易项目", "Tenders"), reverse("public:tenders")), shapes.Link(number)],
    }
    return render(request, "desks/public/project.html", context)


def _facts(project: Any, rows: list[Any]) -> list[shapes.Fact]:
    most = project.lots_most
    again = {each.retender_of_id for each in rows}
    standing = [each for each in rows if each.pk not in again]  # a lot that is held again counts once
    bound = Text(f"{most} 个", f"{most}") if most else Text("不限", "no limit")
    note = Text("按标段编号顺序定标；已中满的由下一名递补", "lots are awarded in order; who has won its most is passed over")
    return [
        shapes.Fact(Text("招标人", "Buyer"), project.buyer.name),
        shapes.Fact(Text("代理机构", "Agency"), project.agency.name if project.agency else None),
        shapes.Fact(Text("标段", "Lots"), len(standing), "number"),
        shapes.Fact(Text("预算合计", "Budget of all lots"), sum(each.budget for each in standing), "money"),
        shapes.Fact(Text("一个投标人最多中标", "Most lots one may win"), bound, note=note if most else ""),
    ]


def lots_table(rows: list[Any]) -> Table:
    """The lots, in the order in which they are decided; a lot that is held again names its earlier round."""
    known = {each.pk: each.number for each in rows}
    columns = [
        Column("number", Text("标段编号", "Lot"), value=wording.number),
        Column("title", Text("名称", "Title"), head=True, url=lambda row: reverse("public:tender", args=[row.number])),
        Column("budget", Text("预算（元）", "Budget (yuan)"), "money"),
        Column("state", Text("状态", "State"), "tag", value=wording.state_tag),
        Column("winner", Text("中标人", "Winner"), value=_winner),
    ]
    if any(row.retender_of_id in known for row in rows):
        before = Column("before", Text("重新招标的原标段", "Holds again"), value=lambda row: known.get(row.retender_of_id, ""), url=_before(known))
        columns.insert(-1, before)
    return table_of(None, Text("标段", "Lots"), columns, rows, per_page=100)


def _before(known: dict[int, str]) -> Callable[[Any], str]:
    """The address of the lot that failed and is held again."""
    return lambda row: reverse("public:tender", args=[known[row.retender_of_id]]) if row.retender_of_id in known else ""


def _winner(row: Any) -> Any:
    award = awards.award(PUBLIC, row)
    return award.party if award is not None and award.notified_at else ""
