"""A tender's desk page: its life as a line, what the reader can do, and everything that this reader may see of it."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.desks import (
    invitees_shown,
    negotiation_shown,
    rounds_shown,
    suspended,
    tender_failed,
    tender_parts,
    tender_result,
    tender_steps,
    timeline,
    wording,
)
from yiwang.desks.access import actor_of, signed_in
from yiwang.desks.called import called
from yiwang.desks.frame import desk
from yiwang.kernel.errors import NotVisible
from yiwang.kernel.text import Text
from yiwang.modules.evidence import course, disclosure, files, permits, registry
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.actors import ROLES, Actor
from yiwang.modules.tenders import selectors as tenders
from yiwang.modules.tenders.acts import CATEGORIES
from yiwang.ui.shapes import Fact
from yiwang.ui.tables import Column, Table, table_of

HALL = registry.row_of("hall.advance")
"""Who may do this hosts the opening."""


@signed_in
def page(request: HttpRequest, number: str) -> HttpResponse:
    """Show a tender to somebody who may see it."""
    actor = actor_of(request)
    tender = tenders.tender(actor, number)
    boxes = tender_steps.boxes(actor, tender)
    boxes["next_steps"] += tender_failed.next_steps(actor, tender) + rounds_shown.next_steps(actor, tender)
    context: dict[str, Any] = {
        **desk(request, current="desk:tenders", crumbs=((tender.title, ""),)),
        **boxes,
        "tender": tender,
        "state": wording.state_tag(tender),
        "meaning": registry.TABLES["tender"].states[tender.state].meaning,
        "roles": wording.my_roles(actor, tender),
        "steps": timeline.steps(tender),
        "suspended": suspended.now_of(tender),
        "facts": facts(tender),
        "sections": tender_failed.sections(actor, tender, request)
        + rounds_shown.sections(actor, tender, request)
        + invitees_shown.sections(actor, tender, request)
        + negotiation_shown.sections(actor, tender, request)
        + tender_parts.sections(actor, tender, request)
        + tender_result.sections(actor, tender, request),
        "acts_table": (chain := _acts(request, actor, tender)),
        "acts_count": chain.page.paginator.count if chain.page else 0,
        "hosts_hall": course.possible(HALL, tender) and bool(permits.role_for(HALL, actor, tender)),
        "published": tender.state != "draft" and tender.deadline is not None,
    }
    return render(request, "desks/tender.html", context)


@signed_in
def document(request: HttpRequest, number: str, sha256: str) -> FileResponse:
    """Hand out a document of a tender, as it was attached."""
    tender = tenders.tender(actor_of(request), number)
    found = tenders.documents(tender, actor_of(request)).filter(sha256=sha256).first()
    if found is None or not files.path_of(found.sha256).is_file():
        raise NotVisible
    return FileResponse(
        files.path_of(found.sha256).open("rb"),
        as_attachment=True,
        filename=found.filename,
        content_type=found.media_type,
    )


def facts(tender: Any) -> list[Fact]:
    """What the tender is, for the facts grid."""
    lot = tender.lots.first()
    return [
        Fact(called(tender).buyer, tender.buyer.name),
        Fact(Text("招标代理机构", "Agency"), tender.agency.name if tender.agency else Text("无", "none")),
        Fact(Text("类别", "Category"), CATEGORIES[tender.category]),
        *_lot_of(tender),
        Fact(Text("采购方式", "Procedure"), wording.procedure_name(tender.procedure)),
        Fact(Text("预算", "Budget"), tender.budget, "money"),
        Fact(Text("最高投标限价", "Ceiling"), lot.ceiling if lot else None, "money"),
        Fact(Text("最低限价", "Minimum"), lot.minimum if lot else None, "money"),
        Fact(Text("评标办法", "Evaluation"), wording.formula_name(tender.formula)),
        Fact(Text("投标截止", "Deadline"), tender.deadline, "when"),
        *_grace(tender),
        Fact(Text("投标有效期", "Bids bind for"), Text(f"{tender.validity_days} 日", f"{tender.validity_days} days")),
        Fact(Text("资金来源", "Funding"), wording.FUNDING.get(tender.funding, tender.funding)),
        Fact(Text("地区", "Region"), tender.region),
        Fact(Text("联系人", "Contact"), tender.contact),
    ]


def _lot_of(tender: Any) -> list[Fact]:
    if tender.project is None:
        return []
    found = tender.project
    url = reverse("public:project", args=[found.number]) if tender.state != "draft" else ""
    return [Fact(Text("所属项目", "Lot of"), f"{found.number} {found.title}", url=url)]


def _grace(tender: Any) -> list[Fact]:
    minutes = tender.upload_grace_minutes
    note = Text("只为截止前已登记摘要的密封文件", "only for sealed files whose hash was on record before the deadline")
    return [Fact(Text("补传宽限", "Grace for uploads"), Text(f"{minutes} 分钟", f"{minutes} minutes"), note=note)] if minutes else []


def _acts(request: HttpRequest, actor: Actor, tender: Any) -> Table:
    """The chain of the tender's acts: all of it for those who run or watch it, for others what is public by now."""
    found = list(evidence.acts_of(tender))
    if not tender_parts.runs_or_watches(actor, tender):
        reached = disclosure.stage_for(tender, (act.act for act in found))
        found = [act for act in found if disclosure.is_public(act.act, reached) or act.person_id == actor.person.pk]
    columns = [
        Column("seq", Text("序", "No."), "number", value=lambda act: act.seq + 1),
        Column(
            "name", Text("事项", "Act"), head=True, value=lambda act: wording.capital(registry.row_of(act.act).name)
        ),
        Column("role", Text("办理身份", "Done as"), value=_role),
        Column("at", Text("时间", "When"), "when"),
        Column("index", Text("日志序号", "Log index"), value=_index, url=_entry_url),
    ]
    return table_of(request, Text("证据链", "Evidence"), columns, found, per_page=100)


def _role(act: Any) -> Text | str:
    return wording.capital(ROLES[act.role].name) if act.role in ROLES else str(act.role)


def _index(act: Any) -> Text | int:
    entry = getattr(act, "log_entry", None)
    return entry.index if entry is not None else Text("写入中", "being written")


def _entry_url(act: Any) -> str:
    entry = getattr(act, "log_entry", None)
    return reverse("public:evidence", args=[entry.index]) if entry is not None else ""
