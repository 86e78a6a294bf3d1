"""The supervisor's overview: open objections, what is late by the statutory clock, dossiers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.desks import bounds, remedy_words, wording
from yiwang.desks.access import actor_of, only_duty, signed_in
from yiwang.desks.center.overview import LIVING
from yiwang.desks.frame import desk
from yiwang.kernel import moment
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.remedies import selectors as remedies
from yiwang.modules.tenders import selectors as tenders
from yiwang.ui.shapes import Tag
from yiwang.ui.tables import Column, Table, table_of

TITLE = Text("监督总览", "Supervision overview")
MOST = 300
"""Living tenders that one page looks through."""


@signed_in
def page(request: HttpRequest) -> HttpResponse:
    """Show what deserves the supervisor's attention."""
    actor = actor_of(request)
    only_duty(actor, "supervisor")
    living = list(tenders.visible_to(actor).filter(state__in=LIVING).order_by("-id")[:MOST])
    context = {
        **desk(request, current="desk:supervisor", crumbs=((TITLE, ""),)),
        "objections": _objections(actor, living),
        "complaints": _complaints(),
        "late": _late(living),
        "all": _all(request, actor),
    }
    return render(request, "desks/supervisor/overview.html", context)


def _objections(actor: Actor, living: list[Any]) -> Table:
    now = moment.now()
    rows = [
        {"tender": tender, "item": item, "late": item.answer_by < now}
        for tender in living
        for item in remedies.objections(actor, tender)
        if item.waits
    ]
    columns = [
        Column("title", Text("项目", "Tender"), head=True, value=lambda r: r["tender"].title, url=_objection_url),
        Column("kind", Text("异议", "Objection"), value=lambda r: remedy_words.kind_name(r["tender"], r["item"].kind)),
        Column("raised", Text("提出", "Raised"), "when", value=lambda r: r["item"].raised_at),
        Column("due", Text("须在此前答复", "Answer due"), "when", value=lambda r: r["item"].answer_by),
        Column("state", Text("状态", "State"), "tag", value=_due_tag),
    ]
    return table_of(None, Text("待答复的异议", "Open objections"), columns, rows, per_page=100,
                    empty=Text("没有待答复的异议。", "No objection waits for an answer."))  # fmt: skip


def _complaints() -> Table:
    now = moment.now()
    columns = [
        Column("title", Text("项目", "Tender"), head=True, value=lambda each: each.tender.title,
               url=lambda each: reverse("desk:tender", args=[each.tender.number]) + "#complaints"),
        Column("kind", Text("投诉事项", "Complaint"), value=lambda each: remedy_words.kind_name(each.tender, each.kind)),
        Column("department", Text("主管部门", "Department"), value=remedy_words.department),
        Column("filed", Text("提出", "Filed"), "when", value=lambda each: each.filed_at),
        Column("due", Text("须在此前办理", "Due"), "when", value=remedy_words.due),
        Column("state", Text("状态", "State"), "tag", value=lambda each: _complaint_tag(each, now)),
    ]  # fmt: skip
    return table_of(None, Text("未办结的投诉", "Open complaints"), columns, list(remedies.all_living()), per_page=100,
                    empty=Text("没有未办结的投诉。", "No complaint is open."))  # fmt: skip


def _complaint_tag(item: Any, now: datetime) -> Tag:
    due = remedy_words.due(item)
    return Tag(Text("逾期", "overdue"), "bad") if due and due < now else remedy_words.complaint_tag(item)


def _objection_url(row: dict[str, Any]) -> str:
    return reverse("desk:tender", args=[row["tender"].number]) + "#objections"


def _due_tag(row: dict[str, Any]) -> Tag:
    return Tag(Text("逾期", "overdue"), "bad") if row["late"] else Tag(Text("期限内", "in time"), "wait")


def _late(living: list[Any]) -> Table:
    rows = [{"tender": tender, "step": step} for tender in living for step in bounds.overdue(tender)]
    columns = [
        Column("title", Text("项目", "Tender"), head=True, value=lambda r: r["tender"].title,
               url=lambda r: reverse("desk:tender", args=[r["tender"].number])),
        Column("step", Text("事项", "Step"), value=lambda r: r["step"].name),
        Column("latest", Text("法定最迟", "Latest lawful moment"), "when", value=lambda r: r["step"].latest),
        Column("article", Text("依据", "Article"), value=lambda r: "；".join(r["step"].articles[:2])),
    ]  # fmt: skip
    return table_of(None, Text("法定期限已过而未办", "Overdue by the statutory clock"), columns, rows, per_page=100,
                    empty=Text("在办项目没有逾期事项。", "No living tender is overdue."))  # fmt: skip


def _all(request: HttpRequest, actor: Actor) -> Table:
    columns = [
        Column("title", Text("项目名称", "Title"), head=True, url=lambda t: reverse("desk:tender", args=[t.number])),
        Column("number", Text("编号", "Number"), value=wording.number, sort=True),
        Column("state", Text("阶段", "Stage"), "tag", value=wording.state_tag),
        Column("buyer", Text("招标人", "Buyer"), value=lambda t: t.buyer.name),
        Column("dossier", Text("案卷包", "Dossier"), value=lambda t: Text("下载", "download"),
               url=lambda t: reverse("public:dossier", args=[t.number])),
    ]  # fmt: skip
    found = tenders.visible_to(actor)
    return table_of(
        request, Text("全部项目与案卷", "All tenders and dossiers"), columns, found, per_page=25, default_sort="-number"
    )
