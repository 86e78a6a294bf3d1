"""The people of an organisation: its administrator adds them, gives parts, removes them; each sets an own password."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from yiwang.desks.access import actor_of, signed_in
from yiwang.desks.account import confirm, entering
from yiwang.desks.account.passwords import PasswordForm
from yiwang.desks.fields import LineField, PickManyField
from yiwang.desks.frame import desk
from yiwang.kernel.errors import NotVisible, YiwangError
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.parties import acts, invitations, join_acts, members
from yiwang.ui.forms import UiForm, add_reasons

TITLE = Text("单位成员", "Members")
_PARTS = tuple((code, Text(f"{name.zh}：{members.MEANING[code].zh}", f"{name.en}: {members.MEANING[code].en}"))
               for code, name in members.PARTS.items())  # fmt: skip


class MemberForm(UiForm, forms.Form):
    """A new member."""

    name = LineField(label=Text("姓名", "Name"), most=100)
    username = LineField(label=Text("用户名", "User name"), most=100, help_text=Text("对方用来登录", "To sign in with"))
    parts = PickManyField(label=Text("分工", "Parts"), choices=_PARTS)


class InviteForm(UiForm, forms.Form):
    """Somebody who has an account."""

    NAMES = {"username": "invite", "parts": "invited_parts"}
    """The act's parameters by the names of these fields: two forms share a page."""
    invite = LineField(label=Text("对方的用户名", "The person's user name"), most=100, help_text=Text(
        "对方登录后自己接受；请事先问清用户名", "The person accepts it when signed in; ask for the name first"))
    invited_parts = PickManyField(label=Text("分工", "Parts"), choices=_PARTS)


@signed_in
def page(request: HttpRequest) -> HttpResponse:
    """The members; a POST adds one, changes the parts of one (``change``), or removes one (``remove``)."""
    if not members.manages(actor_of(request)):
        raise NotVisible
    if request.method != "POST":
        return _show(request)
    if asking := confirm.gate(request, "member.remove" if "remove" in request.POST else "member.appoint"):
        return asking
    if "remove" in request.POST or "change" in request.POST or "withdraw" in request.POST:
        return _change(request)
    return _invite(request) if "invite" in request.POST else _add(request)


def _add(request: HttpRequest) -> HttpResponse:
    form = MemberForm(request.POST)
    if not form.is_valid():
        return _show(request, form)
    try:
        acts.appoint_member(actor=actor_of(request), **form.cleaned_data)
    except YiwangError as error:
        add_reasons(form, error)
        return _show(request, form)
    return _link(request, form.cleaned_data["username"].strip())


def _change(request: HttpRequest) -> HttpResponse:
    actor, data = actor_of(request), request.POST
    try:
        if "remove" in data:
            acts.remove_member(actor=actor, username=data["remove"])
        elif "withdraw" in data:
            join_acts.withdraw(actor, data["withdraw"])
        else:
            acts.appoint_member(actor=actor, username=data["change"], parts=data.getlist("parts"))
    except YiwangError as error:
        return _show(request, reasons=error.reasons)
    messages.success(request, str(Text("已办理，已写入日志", "Done and recorded in the log")))
    return redirect("account:members")


def _invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            join_acts.invite(actor=actor_of(request), username=form.cleaned_data["invite"], parts=form.cleaned_data["invited_parts"])
        except YiwangError as error:
            add_reasons(form, [replace(each, field=InviteForm.NAMES.get(each.field, each.field)) for each in error.reasons])
    if form.errors:
        return _show(request, inviting=form)
    said = Text("邀请已发出。对方登录后在“我的单位”页面接受", "Invited. The person accepts it on the page “My organisation”")
    messages.success(request, str(said))
    return redirect("account:members")


@require_POST
@signed_in
def link(request: HttpRequest) -> HttpResponse:
    """A fresh link for a member who has not set a password yet."""
    return confirm.gate(request, "member.appoint") or _link(request, request.POST.get("username", ""))


def _link(request: HttpRequest, username: str) -> HttpResponse:
    person, token = invitations.invite(actor_of(request), username)
    address = request.build_absolute_uri(reverse("account:invitation", args=[person.pk, token]))
    return _show(request, link=address, invited=person)


def _show(
    request: HttpRequest, form: Any = None, reasons: tuple[Reason, ...] = (), *, link: str = "", invited: Any = None, inviting: Any = None
) -> HttpResponse:
    rows = [
        {"person": each, "open": not each.has_usable_password(),
         "parts": [(code, name, code in members.parts_of(each)) for code, name in members.PARTS.items()]}
        for each in members.members_of(actor_of(request))
    ]  # fmt: skip
    context = {**desk(request, current="account:members", crumbs=((TITLE, ""),)), "rows": rows, "form": form or MemberForm(),
               "inviting": inviting or InviteForm(), "invitations": join_acts.invitations_of(actor_of(request)),
               "reasons": reasons, "link": link, "invited": invited, "me": actor_of(request).person}  # fmt: skip
    return render(request, "desks/account/members.html", context, status=422 if form or reasons or inviting else 200)


@sensitive_post_parameters("password")
def invitation(request: HttpRequest, pk: UUID, token: str) -> HttpResponse:
    """The invited person sets an own password and is signed in."""
    person = invitations.invited(pk, token)
    form = PasswordForm(request.POST) if request.method == "POST" else PasswordForm()
    if form.is_bound and form.is_valid():
        invitations.accept(person, form.cleaned_data["password"])
        entering.enter(request, person, "invitation")
        return redirect("account:keys")
    context = {"form": form, "person": person}
    return render(request, "desks/account/invitation.html", context, status=422 if form.is_bound else 200)
