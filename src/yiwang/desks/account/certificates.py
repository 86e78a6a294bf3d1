"""Certificates of the reader's organisation: the list, binding and ending one, endorsing a key, as second factor."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from yiwang.desks.access import actor_of, signed_in
from yiwang.desks.account import confirm, entering, security, statements
from yiwang.desks.frame import desk
from yiwang.kernel import moment
from yiwang.kernel.errors import NotVisible, YiwangError
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.parties import (
    cert_acts,
    cert_factor,
    cert_read,
    cert_sandbox,
    cert_selectors,
    cert_statements,
    cert_trust,
    members,
)
from yiwang.modules.parties import selectors as parties
from yiwang.ui.forms import add_reasons

TITLE = Text("机构证书", "Certificates")
BIND, ENDORSE, SIGN_IN = cert_statements.BIND, cert_statements.ENDORSE, cert_statements.SIGN_IN


@signed_in
def page(request: HttpRequest) -> HttpResponse:
    """The certificates; a POST binds one, or ends one (``revoke``)."""
    actor = actor_of(request)
    if not members.registers_itself(actor):
        raise NotVisible
    if request.method != "POST":
        return _show(request)
    if asking := confirm.gate(request, "certificate.revoke" if "revoke" in request.POST else "certificate.bind"):
        return asking
    if "revoke" in request.POST:
        return _revoke(request)
    form = statements.BindForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, form)
    try:
        answer = statements.answer_in(request)
        chain = answer.chain or cert_read.read_chain(form.cleaned_data["chain"].read() if form.cleaned_data["chain"] else b"")
        cert_acts.bind(actor=actor, statement=statements.kept(request, BIND), chain=cert_read.pem(chain),
                       signature=cert_factor.text_of(answer.signature))  # fmt: skip
    except YiwangError as error:
        add_reasons(form, error)
        return _show(request, form)
    return _done(request, BIND, Text("机构证书已绑定", "The certificate is bound"), "account:certificates")


def _revoke(request: HttpRequest) -> HttpResponse:
    try:
        cert_acts.revoke(actor=actor_of(request), fingerprint=request.POST["revoke"], reason=request.POST.get("reason", ""))
    except YiwangError as error:
        return _show(request, reasons=error.reasons)
    messages.success(request, str(Text("证书已停用；此前的签名仍然有效", "The certificate is ended; earlier signatures stay valid")))
    return redirect("account:certificates")


def _done(request: HttpRequest, purpose: str, said: Text, where: str) -> HttpResponse:
    statements.forget(request, purpose)
    messages.success(request, str(said))
    return redirect(where)


def _show(request: HttpRequest, form: Any = None, reasons: tuple[Reason, ...] = ()) -> HttpResponse:
    actor, now = actor_of(request), moment.now()
    rows = [{"one": each, "standing": cert_selectors.standing_of(each, now)} for each in cert_selectors.all_of(actor)]
    may = bool(members.may_bind(actor.organisation, actor, now))
    context = {
        **desk(request, current="account:certificates", crumbs=((TITLE, ""),)),
        "rows": rows, "may": may, "form": form or statements.BindForm(), "reasons": reasons, "purpose": BIND,
        "authorities": [_authority(each) for each in cert_trust.trust().roots],
        "sandbox": cert_sandbox.tried(), "code": actor.organisation.uscc,
    }  # fmt: skip
    if may:
        statements.asked(request, BIND, actor.person)
    return render(request, "desks/account/certificates.html", context, status=422 if form or reasons else 200)


def _authority(root: Any) -> Text:
    name = cert_trust.called(root)
    return Text(f"{name}（演示，不具法律效力）", f"{name} (sandbox, no legal effect)") if cert_trust.is_sandbox(root) else Text(name, name)


@signed_in
def endorse(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the organisation's certificate endorse one of the reader's own keys."""
    actor, now = actor_of(request), moment.now()
    key = parties.keys_of(actor).filter(pk=pk, revoked_at=None).first()
    standing = parties.certificates_of(actor.organisation, now) if members.registers_itself(actor) else []
    if key is None or not standing:
        raise NotVisible
    if asking := confirm.gate(request, "certificate.endorse"):
        return asking
    form = _signature_form(request)
    if form.is_bound and form.is_valid():
        try:
            answer = statements.answer_in(request)
            signer = cert_read.fingerprint(answer.chain[0]) if answer.chain else request.POST.get("certificate", "")
            cert_acts.endorse(actor=actor, certificate=signer, key=key.public, statement=statements.kept(request, ENDORSE),
                              signature=cert_factor.text_of(answer.signature))  # fmt: skip
        except YiwangError as error:
            add_reasons(form, error)
        else:
            return _done(request, ENDORSE, Text("签名密钥已由机构证书背书", "The certificate endorses the key"), "account:keys")
    statements.asked(request, ENDORSE, actor.person, key.public)
    title = Text("用机构证书背书", "Endorse with the certificate")
    return _signing(request, form, title, ENDORSE, {"key": key, "certificates": standing, "back": "account:keys"})


@signed_in
def factor(request: HttpRequest) -> HttpResponse:
    """Switch the organisation's certificate on as the reader's second factor."""
    actor = actor_of(request)
    standing = parties.certificates_of(actor.organisation) if members.registers_itself(actor) else []
    if not standing:
        raise NotVisible
    if asking := confirm.gate(request, "account.factors"):
        return asking
    form = _signature_form(request)
    if form.is_bound and form.is_valid():
        try:
            answer = statements.answer_in(request)
            signer = cert_read.fingerprint(answer.chain[0]) if answer.chain else request.POST.get("certificate", "")
            cert_factor.switch_on(actor, signer, statements.kept(request, SIGN_IN), answer.signature)
        except YiwangError as error:
            add_reasons(form, error)
        else:
            statements.forget(request, SIGN_IN)
            return security.added(request, "certificate")
    statements.asked(request, SIGN_IN, actor.person)
    title = Text("机构证书作为第二因素", "The certificate as second factor")
    return _signing(request, form, title, SIGN_IN, {"certificates": standing, "back": "account:security"})


def _signature_form(request: HttpRequest) -> statements.SignatureForm:
    posted = request.method == "POST" and ("certificate" in request.POST or bool(request.FILES))
    return statements.SignatureForm(request.POST, request.FILES) if posted else statements.SignatureForm()


def _signing(request: HttpRequest, form: Any, title: Text, purpose: str, more: dict[str, Any]) -> HttpResponse:
    context = {**desk(request, crumbs=((title, ""),)), "form": form, "title": title, "purpose": purpose, **more}
    return render(request, "desks/account/certificate_sign.html", context, status=422 if form.is_bound else 200)


@signed_in
def statement(request: HttpRequest, purpose: str) -> HttpResponse:
    """The statement to sign, as a file, for somebody who is signed in."""
    return statements.download(request, purpose)


def half_signed_statement(request: HttpRequest) -> HttpResponse:
    """The same at the second step of signing in."""
    if not entering.half_signed_in(request):
        raise NotVisible
    return statements.download(request, SIGN_IN)
