"""Account security: second factors, where one is signed in, and the record of sign-ins; everything of the reader's own."""

from __future__ import annotations

from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from yiwang.desks.access import actor_of, signed_in
from yiwang.desks.account import confirm, entering
from yiwang.desks.account.passwords import PasswordForm
from yiwang.desks.fields import LineField
from yiwang.desks.frame import desk
from yiwang.kernel.errors import YiwangError, bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties import (
    account_events,
    cert_factor,
    factors,
    invitations,
    members,
    open_sessions,
    passkeys,
    totp,
)
from yiwang.modules.parties import selectors as parties
from yiwang.ui.forms import UiForm, add_reasons
from yiwang.ui.shapes import Tag
from yiwang.ui.tables import Column, Table, table_of

TITLE = Text("账号安全", "Account security")
SETUP = "totp_setup"
"""Key in a session's data: the secret that is being set up, until a code of it was typed."""


@signed_in
def page(request: HttpRequest) -> HttpResponse:
    """Everything on one page."""
    return _show(request)


def _show(request: HttpRequest, reasons: tuple[Reason, ...] = (), codes: tuple[str, ...] = ()) -> HttpResponse:
    actor = actor_of(request)
    context = {
        **desk(request, current="account:security", crumbs=((TITLE, ""),)),
        "factors": factors.factors_of(actor.person),
        "passkeys": passkeys.passkeys_of(actor.person),
        "certificate": cert_factor.factor_of(actor.person),
        "certificates": parties.certificates_of(actor.organisation) if members.registers_itself(actor) else [],
        "sessions": open_sessions.sessions_of(actor),
        "this_session": request.session.get(open_sessions.MARK),
        "how": account_events.HOW,
        "events": _events(request),
        "site": entering.site_of(request),
        "reasons": reasons,
        "codes": codes,
    }
    return render(request, "desks/account/security.html", context, status=422 if reasons else 200)


def _events(request: HttpRequest) -> Table:
    columns = [
        Column("at", Text("时间", "When"), "when", head=True),
        Column("what", Text("事项", "What"), value=lambda row: account_events.WHAT.get(row.what, row.what)),
        Column("ok", Text("结果", "Result"), "tag", value=_result),
        Column("how", Text("方式", "How"), value=lambda row: account_events.HOW.get(row.how, "")),
        Column("device", Text("设备", "Device")),
        Column("place", Text("来自", "From")),
    ]
    rows = account_events.events_of(actor_of(request))
    return table_of(request, Text("登录与安全记录", "Sign-ins and changes"), columns, rows, per_page=20,
                    empty=Text("以后的每次登录都记在这里。", "Every sign-in from now on stands here."))  # fmt: skip


def _result(row: Any) -> Tag:
    return Tag(Text("成功", "done"), "good") if row.ok else Tag(Text("被拒绝", "refused"), "bad")


class SetupForm(UiForm, forms.Form):
    """The first code of a new generator: proof that the phone has the secret."""

    code = LineField(label=Text("验证器显示的 6 位数字", "The six digits that the app shows"), most=10)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update({"autocomplete": "one-time-code", "inputmode": "numeric"})


@signed_in
@sensitive_post_parameters("code")
@sensitive_variables("secret")
def totp_page(request: HttpRequest) -> HttpResponse:
    """Show the QR code; a POST with the first code switches the generator on."""
    if asking := confirm.gate(request, "account.factors"):
        return asking
    secret = request.session.setdefault(SETUP, totp.new_secret())
    form = SetupForm(request.POST) if "code" in request.POST else SetupForm()
    if form.is_bound and form.is_valid():
        step = totp.step_of(secret, "".join(form.cleaned_data["code"].split()))
        if step:
            del request.session[SETUP]
            totp.keep(actor_of(request).person, secret, step)
            return added(request, "totp")
        add_reasons(form, bad("code", "这不是验证器此刻显示的数字", "this is not what the app shows now", passes=Text(
            "请核对手机的时间是否自动校准", "check that the phone sets its clock by itself")))
    svg = segno.make(totp.address_of(secret, actor_of(request).person.username), error="m", micro=False).svg_inline(
        border=2, omitsize=True, svgclass=None, lineclass=None)  # fmt: skip
    context = {**desk(request, current="account:security", crumbs=((TITLE, ""),)), "form": form,
               "picture": mark_safe(svg), "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))}  # fmt: skip
    return render(request, "desks/account/totp.html", context, status=422 if form.is_bound else 200)


@signed_in
@sensitive_post_parameters("password")
def password(request: HttpRequest) -> HttpResponse:
    """Set another password; every other device is signed out."""
    if asking := confirm.gate(request, "account.factors"):
        return asking
    person = actor_of(request).person
    form = PasswordForm(request.POST) if request.POST.get("password") is not None else PasswordForm()
    if form.is_bound and form.is_valid():
        invitations.accept(person, form.cleaned_data["password"])
        update_session_auth_hash(request, person)
        open_sessions.renamed(request.session)
        open_sessions.end_others(person, request.session)
        account_events.note(person, "change_password", entering.where(request))
        messages.success(request, str(Text("密码已修改，其他设备已退出登录", "The password is changed; other devices are signed out")))
        return redirect("account:security")
    context = {**desk(request, current="account:security", crumbs=((TITLE, ""),)), "form": form}
    return render(request, "desks/account/password.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in
def passkey_add(request: HttpRequest) -> HttpResponse:
    """Register the passkey that the device has just made."""
    if asking := confirm.gate(request, "account.factors"):
        return asking
    try:
        challenge = entering.challenge_for(request, "add")
        passkeys.add(actor_of(request).person, request.POST.get("credential", ""), challenge, entering.site_of(request),
                     entering.where(request).device)  # fmt: skip
    except YiwangError as error:
        return _show(request, error.reasons)
    return added(request, "passkey")


def added(request: HttpRequest, how: str) -> HttpResponse:
    """After a factor was added: write it down; the first one comes with recovery codes, shown this once."""
    person = actor_of(request).person
    account_events.note(person, "add_factor", entering.where(request), how=how)
    messages.success(request, str(Text("已启用，下次登录时会用到", "Switched on; you will need it at the next sign-in")))
    return redirect("account:security") if factors.factors_of(person).codes else _new_codes(request)


@require_POST
@signed_in
def recovery(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes, shown this once."""
    return confirm.gate(request, "account.factors") or _new_codes(request)


def _new_codes(request: HttpRequest) -> HttpResponse:
    person = actor_of(request).person
    made = tuple(factors.new_recovery_codes(person))
    account_events.note(person, "new_codes", entering.where(request))
    return _show(request, codes=made)


@require_POST
@signed_in
def remove(request: HttpRequest) -> HttpResponse:
    """Take a factor away: ``totp``, or a passkey by its number."""
    if asking := confirm.gate(request, "account.factors"):
        return asking
    actor, which = actor_of(request), request.POST.get("which", "")
    if _taken_away(actor, which):
        factors.forget_codes_without_factor(actor.person)
        how = which if which in ("totp", "certificate") else "passkey"
        account_events.note(actor.person, "remove_factor", entering.where(request), how=how)
        messages.success(request, str(Text("已停用", "Removed")))
    return redirect("account:security")


def _taken_away(actor: Actor, which: str) -> bool:
    if which.isdecimal():
        return passkeys.remove(actor, int(which))
    return cert_factor.switch_off(actor.person) if which == "certificate" else which == "totp" and factors.remove_totp(actor.person)


@require_POST
@signed_in
def end_session(request: HttpRequest) -> HttpResponse:
    """End one session of the reader's, or all of them, this one too."""
    if asking := confirm.gate(request, "account.sessions"):
        return asking
    actor, which = actor_of(request), request.POST.get("which", "")
    if which == "all":
        open_sessions.end_all(actor.person)
        account_events.note(actor.person, "end_all", entering.where(request))
        logout(request)
        messages.success(request, str(Text("已在所有设备退出登录", "Signed out everywhere")))
        return redirect("account:login")
    open_sessions.end(actor, int(which) if which.isdecimal() and len(which) < 18 else 0)
    account_events.note(actor.person, "end_session", entering.where(request))
    messages.success(request, str(Text("那台设备已退出登录", "That device is signed out")))
    return redirect("account:security")
