"""Resetting a member's lost factors: asked by one, agreed to by another; for administrators, and for the center where they lack."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yiwang.desks.access import actor_of, signed_in
from yiwang.desks.account import confirm
from yiwang.desks.account import members as member_pages
from yiwang.desks.fields import LineField, ProseField
from yiwang.desks.frame import desk
from yiwang.kernel.errors import NotVisible, YiwangError
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties import invitations, members, reset_acts
from yiwang.modules.parties.accounts_law import accounts_law
from yiwang.ui.forms import UiForm, add_reasons
from yiwang.ui.shapes import Tag

TITLE = Text("重设登录方式", "Reset ways to sign in")
MOST = 50


class ResetForm(UiForm, forms.Form):
    """Who, and why."""

    username = LineField(label=Text("成员的用户名", "The member's user name"), most=100)
    reason = ProseField(label=Text("原因", "Reason"), rows=3, most=500, help_text=Text(
        "丢失了什么，如何得知；只有本单位管理员和交易中心看得到", "what was lost and how you know; seen by administrators and the center only"))


class CheckedForm(ResetForm):
    """For the center: also how the identity was checked."""

    check = ProseField(label=Text("如何核对身份", "How the identity was checked"), rows=3, most=500, help_text=Text(
        "核对了什么证件、由谁当面核对、授权书编号；不要写证件号码", "which document, by whom in person, which authorisation; no document numbers"))


@signed_in
def page(request: HttpRequest) -> HttpResponse:
    """The resets; a POST asks for one, agrees to one (``agree``), objects to one (``object``), or gives a link (``link``)."""
    actor = actor_of(request)
    if not may_see(actor):
        raise NotVisible
    if request.method != "POST":
        return _show(request)
    if "object" not in request.POST and (asking := confirm.gate(request, "reset.agree" if "agree" in request.POST else "reset.ask")):
        return asking
    if "username" in request.POST:
        return _ask(request)
    return _act(request)


def may_see(actor: Actor) -> bool:
    """Whether somebody has to do with resets."""
    return actor.duty == "center" or members.manages(actor)


def _form(request: HttpRequest, data: Any = None) -> ResetForm:
    kind = CheckedForm if actor_of(request).duty == "center" else ResetForm
    return kind(data, initial={"username": request.GET.get("member", "")[:100]})


def _ask(request: HttpRequest) -> HttpResponse:
    form = _form(request, request.POST)
    if not form.is_valid():
        return _show(request, form)
    try:
        reset_acts.ask(actor=actor_of(request), **form.cleaned_data)
    except YiwangError as error:
        add_reasons(form, error)
        return _show(request, form)
    messages.success(request, str(Text("已申请，等待另一位同意", "Asked; another one must agree")))
    return redirect("account:resets")


def _act(request: HttpRequest) -> HttpResponse:
    actor, data = actor_of(request), request.POST
    try:
        if "agree" in data:
            reset_acts.agree(actor=actor, reset=data["agree"], check=data.get("check", ""))
            said = Text("已同意，反对期开始", "Agreed; the time to object begins")
        elif "object" in data:
            reset_acts.object_to(actor=actor, reset=data["object"])
            said = Text("已反对，重设不再执行", "You have objected; the reset is off")
        else:
            return _link(request, data.get("link", ""))
    except YiwangError as error:
        if isinstance(error, NotVisible):
            raise
        return _show(request, reasons=error.reasons)
    messages.success(request, str(said))
    return redirect("account:resets")


def _link(request: HttpRequest, pk: str) -> HttpResponse:
    """A link for somebody whose reset the center helped with, to set a new password; once, for three days."""
    person, token = invitations.invite_after_reset(actor_of(request), pk)
    address = request.build_absolute_uri(reverse("account:invitation", args=[person.pk, token]))
    return _show(request, link=address, invited=person)


def _show(
    request: HttpRequest, form: Any = None, reasons: tuple[Reason, ...] = (), *, link: str = "", invited: Any = None
) -> HttpResponse:
    actor = actor_of(request)
    current = "account:resets" if actor.duty == "center" else "account:members"
    crumbs = () if actor.duty == "center" else ((member_pages.TITLE, reverse("account:members")),)
    rows = [{"one": each, "state": _state(each), "agree": each.open and each.agreed_by is None and actor.person not in (each.asked_by, each.person),
             "object": each.open and (members.manages(actor) or actor.person == each.person),
             "link": actor.duty == "center" and each.done_at and not each.person.has_usable_password()}
            for each in reset_acts.resets_for(actor)[:MOST]]  # fmt: skip
    context = {
        **desk(request, current=current, crumbs=(*crumbs, (TITLE, ""))), "rows": rows, "form": form or _form(request), "reasons": reasons,
        "center": actor.duty == "center", "hours": int(accounts_law().wait.total_seconds() // 3600), "link": link, "invited": invited,
    }  # fmt: skip
    return render(request, "desks/account/resets.html", context, status=422 if form or reasons else 200)


def _state(reset: Any) -> Tag:
    if reset.done_at:
        return Tag(Text("已重设", "done"), "stopped")
    if reset.objected_at:
        return Tag(Text("已被反对", "objected to"), "bad")
    return Tag(Text("反对期内", "may be objected to"), "wait") if reset.due_at else Tag(Text("等待另一位同意", "waits for a second person"), "open")
