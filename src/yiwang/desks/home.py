"""The front of a desk: what waits, one's tenders, what one was told."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html

from yiwang.desks import drill_work, wording, work
from yiwang.desks.access import actor_of, signed_in
from yiwang.desks.account.notices import notices
from yiwang.desks.frame import desk
from yiwang.kernel import moment
from yiwang.kernel.text import Text
from yiwang.modules.evidence import registry
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence import services as evidence_services
from yiwang.modules.evidence.actors import Actor
from yiwang.ui.formats import when_html
from yiwang.ui.shapes import Filter, Tag
from yiwang.ui.show import tag_html
from yiwang.ui.tables import Column, Table, table_of

LATELY = 8


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the reader, until when; then what happened lately."""
    frame = desk(request, current="desk:home")
    context = {
        **frame,
        "breadcrumbs": [],
        "table": _waiting_table(request, frame["items"]),
        "lately": _lately(actor_of(request)),
        "notices": notices(actor_of(request), moment.now()),
        "drills": drill_work.waiting(actor_of(request)),
    }
    return render(request, "desks/home.html", context)


def _lately(actor: Actor) -> list[dict[str, Any]]:
    """The newest notifications; the same act done by several in a row (signatures, say) stands once, with its count."""
    found: list[dict[str, Any]] = []
    for each in evidence.notifications(actor)[: LATELY * 8]:
        one = told(each)
        if found and (found[-1]["act"], found[-1]["number"]) == (one["act"], one["number"]):
            found[-1]["times"] += 1
        else:
            found.append({**one, "times": 1})
    return found[:LATELY]


def _waiting_table(request: HttpRequest, items: list[work.Item]) -> Table:
    columns = [
        Column("what", Text("要办的事", "To do"), value=_acts_of, url=_url, head=True),
        Column("title", Text("项目", "Tender"), value=lambda item: item.tender.title),
        Column("number", Text("编号", "Number"), value=lambda item: wording.number(item.tender)),
        Column("state", Text("阶段", "Stage"), "tag", value=lambda item: wording.state_tag(item.tender)),
        Column("until", Text("须在此前办完", "To be done before"), value=_until),
    ]
    empty = Text("轮到您时，这里会列出要办的事和期限。", "When it is your turn, what to do and until when stands here.")
    return table_of(request, Text("等您办理", "Waiting for you"), columns, items, empty=empty)


def _until(item: work.Item) -> Any:
    if item.until is None:
        return None
    if not (item.over or item.soon):
        return when_html(item.until)
    word = Text("已过期限", "overdue") if item.over else Text("即将到期", "due soon")
    return format_html("<span>{} {}</span>", when_html(item.until), tag_html(Tag(word, "bad" if item.over else "wait")))


def _acts_of(item: work.Item) -> Text:
    return wording.capital(
        Text("；".join(row.name.zh for row in item.acts), "; ".join(row.name.en for row in item.acts))
    )


def _url(item: work.Item) -> str:
    return reverse("desk:tender", args=[item.tender.number])


@signed_in
def tenders_list(request: HttpRequest) -> HttpResponse:
    """The reader's tenders, with filters in the address."""
    actor = actor_of(request)
    state, query = request.GET.get("state", ""), request.GET.get("q", "").strip()
    found = work.mine(actor)
    if state in registry.TABLES["tender"].states:
        found = found.filter(state=state)
    if query:
        found = found.filter(Q(number__icontains=query) | Q(title__icontains=query))
    columns = [
        Column("title", Text("项目名称", "Title"), head=True, url=lambda t: reverse("desk:tender", args=[t.number])),
        Column("number", Text("编号", "Number"), value=wording.number, sort=True),
        Column("state", Text("阶段", "Stage"), "tag", value=wording.state_tag),
        Column("role", Text("我的身份", "My part"), value=lambda tender: wording.my_roles(actor, tender)),
        Column("budget", Text("预算（元）", "Budget (yuan)"), "money", sort=True),
        Column("deadline", Text("投标截止", "Deadline"), "when", sort=True),
    ]
    filters = [
        Filter("q", Text("编号或名称", "Number or title"), value=query),
        Filter("state", Text("阶段", "Stage"), choices=wording.state_choices(), value=state),
    ]
    title = (
        Text("全部项目", "All tenders") if actor.duty in ("center", "supervisor") else Text("我的项目", "My tenders")
    )
    table = table_of(request, title, columns, found, filters=filters, per_page=25, default_sort="-number",
                     empty=Text("您参与的项目会列在这里。", "Tenders in which you take part are listed here."))  # fmt: skip
    context = {**desk(request, current="desk:tenders", crumbs=((title, ""),)), "table": table, "title": title}
    return render(request, "desks/table.html", context)


@signed_in
def notifications(request: HttpRequest) -> HttpResponse:
    """What the reader was told; a POST marks all of it, or one, as read."""
    mine = evidence.notifications(actor_of(request))
    if request.method == "POST":
        one = request.POST.get("one", "")
        evidence_services.mark_read(actor_of(request), int(one) if one.isascii() and one.isdigit() else None)
        return redirect("desk:notifications")
    columns = [
        Column("name", Text("事项", "What was done"), head=True, url=lambda row: row["url"]),
        Column("title", Text("项目", "Tender")),
        Column("at", Text("时间", "When"), "when"),
        Column("read", Text("状态", "State"), "tag"),
    ]
    rows = [told(each) for each in mine[:500]]
    table = table_of(request, Text("通知", "Notifications"), columns, rows, per_page=30,
                     empty=Text("项目有进展时，这里会告诉您。", "You are told here when a tender moves on."))  # fmt: skip
    frame = desk(request, current="desk:notifications", crumbs=((Text("通知", "Notifications"), ""),))
    context = {**frame, "table": table, "unread": mine.filter(read_at=None).count()}
    return render(request, "desks/notifications.html", context)


_ELSEWHERE = {**dict.fromkeys(("party.ban", "party.lift_ban"), reverse_lazy("public:bans")),
              "audit.report": reverse_lazy("desk:audit"), "drill.schedule": reverse_lazy("custody:drills"),
              "drill.report": reverse_lazy("custody:drills"),
              **dict.fromkeys(("certificate.bind", "certificate.revoke"), reverse_lazy("account:certificates")),
              **dict.fromkeys(("member.join", "member.leave", "reset.ask", "reset.agree", "reset.object", "reset.carry_out"),
                              reverse_lazy("account:organisation"))}
"""Where acts of no tender lead."""


def told(notification: Any) -> dict[str, Any]:
    """One notification as pages show it."""
    act = notification.act
    return {
        "act": act.act,
        "name": wording.capital(registry.row_of(act.act).name),
        "title": act.tender.title if act.tender else "",
        "number": act.tender.number if act.tender else "",
        "at": act.at,
        "url": reverse("desk:tender", args=[act.tender.number]) if act.tender else _ELSEWHERE.get(act.act, ""),
        "unread": notification.read_at is None,
        "read": Tag(Text("未读", "unread"), "open")
        if notification.read_at is None
        else Tag(Text("已读", "read"), "neutral"),
    }
