"""Bans from bidding: the supervisor records a decision, or lifts a ban; everybody sees those in force."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from yiwang.desks.access import actor_of, only_duty, signed_in
from yiwang.desks.fields import LineField, MomentField, PickField, ProseField
from yiwang.desks.frame import desk
from yiwang.desks.screens import request_key
from yiwang.kernel import bans, moment
from yiwang.kernel.errors import NotVisible, YiwangError, bad
from yiwang.kernel.text import Text
from yiwang.modules.evidence.door import AlreadyReceived
from yiwang.modules.parties import ban_acts, ban_selectors
from yiwang.ui.forms import UiForm, add_reasons
from yiwang.ui.shapes import Link, Tag
from yiwang.ui.tables import Column, Table, table_of

TITLE = Text("禁止投标名单", "Bans from bidding")
TRACKS = {"construction": Text("依法必须招标的项目", "projects that must be tendered"),
          "gov_procurement": Text("政府采购", "government procurement")}  # fmt: skip


class BanForm(UiForm, forms.Form):
    """The decision."""

    uscc = LineField(label=Text("单位的统一社会信用代码", "Credit code of the organisation"), most=18)
    decision = LineField(label=Text("决定书文号", "Number of the decision"), most=100)
    ground = PickField(label=Text("事由", "Ground"), choices=(), radio=True)
    since = MomentField(label=Text("起始日", "First day"), required=False)
    until = MomentField(label=Text("截止日", "Last day"))
    reason = ProseField(label=Text("认定的事实", "Facts found"), rows=4, most=2000)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.fields["ground"].choices = [  # type: ignore[attr-defined]
            (each.key, Text(f"{each.name.zh}（{each.article}，{each.least} 至 {each.most} 个月）",
                            f"{each.name.en} ({each.least} to {each.most} months)"))
            for each in bans.grounds().values()
        ]  # fmt: skip


class LiftForm(UiForm, forms.Form):
    """Which ban ends, by which decision."""

    decision = LineField(label=Text("原决定书文号", "Number of the decision that banned"), most=100)
    lift_decision = LineField(label=Text("解除决定文号", "Number of the decision that lifts"), most=100)
    reason = ProseField(label=Text("解除的理由", "Reason"), rows=3, most=2000)


@signed_in
def page(request: HttpRequest) -> HttpResponse:
    """Show all bans and both forms; a POST records or lifts."""
    actor = actor_of(request)
    only_duty(actor, "supervisor")
    lifting = "lift" in request.POST
    made = {"ban": BanForm(request.POST) if request.method == "POST" and not lifting else BanForm(),
            "lift": LiftForm(request.POST) if lifting else LiftForm()}  # fmt: skip
    form = made["lift" if lifting else "ban"]
    if request.method == "POST" and form.is_valid():
        try:
            _carry_out(request, lifting, form.cleaned_data)
        except AlreadyReceived:
            return redirect("desk:bans")
        except NotVisible:
            add_reasons(form, bad("uscc", "没有注册的单位", "no such organisation is registered"))
        except YiwangError as error:
            add_reasons(form, error)
        else:
            return redirect("desk:bans")
    context = {
        **desk(request, current="desk:bans", crumbs=((TITLE, ""),)),
        "title": TITLE,
        "form": made["ban"],
        "lift": made["lift"],
        "table": table(request, list(ban_selectors.bans(actor))),
        "request_key": request.POST.get("request_key") or secrets.token_hex(16),
    }
    return render(request, "desks/supervisor/bans.html", context, status=422 if form.is_bound else 200)


def _carry_out(request: HttpRequest, lifting: bool, data: dict[str, Any]) -> None:
    actor, key = actor_of(request), request_key(request)
    if lifting:
        ban_acts.lift_ban(actor=actor, request_key=key, **data)
        messages.success(request, str(Text("已解除", "The ban is lifted")))
    else:
        ban_acts.ban(actor=actor, request_key=key, **data)
        messages.success(request, str(Text("已记录，即时生效", "Recorded; it holds at once")))


def public(request: HttpRequest) -> HttpResponse:
    """The bans in force, for everybody; those that ended or were lifted are not shown any more (信用修复)."""
    shown = ban_selectors.public(moment.now())
    context = {"title": TITLE, "table": table(request, shown), "breadcrumbs": [Link(TITLE)]}
    return render(request, "desks/public/bans.html", context)


def table(request: HttpRequest, rows: list[Any]) -> Table:
    """Bans, the newest first."""
    grounds = bans.grounds()
    columns = [
        Column("name", Text("单位", "Organisation"), head=True, value=lambda each: each.organisation.name),
        Column("uscc", Text("统一社会信用代码", "Credit code"), value=lambda each: each.organisation.uscc),
        Column("decision", Text("决定", "Decision"), value=lambda each: f"{each.authority} {each.decision}"),
        Column("ground", Text("事由", "Ground"), value=lambda each: grounds[each.ground].name),
        Column("article", Text("依据", "Article"), value=lambda each: grounds[each.ground].article),
        Column("track", Text("范围", "Scope"), value=lambda each: TRACKS[each.track]),
        Column("since", Text("自", "From"), value=lambda each: each.since.isoformat()),
        Column("until", Text("至", "Until"), value=lambda each: each.until.isoformat()),
        Column("state", Text("状态", "State"), "tag", value=_tag),
    ]
    empty = Text("没有。", "There is none.")
    return table_of(request, TITLE, columns, rows, per_page=50, empty=empty)


def _tag(each: Any) -> Tag:
    if each.lifted_at is not None:
        return Tag(Text(f"已解除（{each.lift_decision}）", f"lifted ({each.lift_decision})"), "neutral")
    if each.until < moment.now().astimezone(moment.LOCAL).date():
        return Tag(Text("期满", "ended"), "neutral")
    return Tag(Text("生效", "in force"), "bad")
