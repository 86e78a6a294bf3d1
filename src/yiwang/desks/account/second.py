"""The second step of signing in: a one-time code, a passkey or a recovery code. Also a passkey instead of all steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from yiwang.desks.access import actor_of, safe_next
from yiwang.desks.account import entering, statements
from yiwang.desks.fields import LineField
from yiwang.kernel.errors import NotVisible, YiwangError
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.parties import account_events, attempts, cert_factor, cert_statements, factors, passkeys
from yiwang.modules.parties import selectors as parties
from yiwang.ui.forms import UiForm, add_reasons

SIGN_IN, BY_CERTIFICATE = cert_statements.SIGN_IN, "by_certificate"
PASSKEY_BRAKE = "passkey sign-in"
NOTHING_WRONG: tuple[Reason, ...] = ()


class CodeForm(UiForm, forms.Form):
    """A one-time code or a recovery code."""

    code = LineField(
        label=Text("动态验证码或恢复码", "One-time code or recovery code"),
        most=40,
        help_text=Text("验证器显示的 6 位数字；手机不在身边时填一个恢复码。",
                       "The six digits that the app shows; without the phone, one of the recovery codes."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["autocomplete"] = "one-time-code"


@sensitive_post_parameters("code", "credential")
def page(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor of the person whose password was right, and sign in."""
    onward = safe_next(request, reverse("desk:home"))
    person = parties.person_by_id(entering.half_signed_in(request))
    if person is None:
        return redirect(onward if actor_of(request).known else "account:login")
    form, reasons = form_of(CodeForm, request), NOTHING_WRONG
    if request.method == "POST":
        try:
            how = proved(request, person, form, "second")
        except YiwangError as error:
            account_events.note(person, "sign_in", entering.where(request), how=tried(request, "totp"), ok=False)
            reasons = told(form, error)
        else:
            if how:
                entering.enter(request, person, how)
                return redirect(onward)
    context = {
        "form": form,
        "next": safe_next(request, ""),
        "factors": ready(request, person),
        "site": entering.site_of(request),
        "reasons": reasons,
        "reset_due": person.reset_due,
    }
    return render(request, "desks/account/second.html", context, status=422 if form.is_bound or reasons else 200)


def form_of(kind: Any, request: HttpRequest) -> Any:
    """The form with what was typed; an empty one when a passkey or certificate was used instead, or nothing was sent yet."""
    other = request.POST.get("credential") or BY_CERTIFICATE in request.POST
    return kind(request.POST) if request.method == "POST" and not other else kind()


def told(form: Any, error: YiwangError) -> tuple[Reason, ...]:
    """Put what went wrong onto the form; give it back when it was the passkey that went wrong."""
    if not form.is_bound:
        return error.reasons
    add_reasons(form, error)
    return ()


def proved(request: HttpRequest, person: Any, form: Any, purpose: str) -> str:
    """How the person proved the second factor: ``passkey``, ``totp``, ``recovery``; '' when the form lacks the code.

    Raises:
        BadInput: a wrong code, or a passkey that does not answer.
    """
    credential = request.POST.get("credential", "")
    if credential:
        challenge = entering.challenge_for(request, purpose)
        passkeys.used(credential, challenge, entering.site_of(request), person)
        return "passkey"
    if BY_CERTIFICATE in request.POST:
        cert_factor.prove(person, statements.kept(request, SIGN_IN), statements.answer_in(request).signature)
        statements.forget(request, SIGN_IN)
        return "certificate"
    return factors.check_code(person, form.cleaned_data["code"]) if form.is_valid() else ""


def tried(request: HttpRequest, otherwise: str) -> str:
    """By which means it was tried."""
    return "passkey" if request.POST.get("credential") else "certificate" if BY_CERTIFICATE in request.POST else otherwise


def ready(request: HttpRequest, person: Any) -> factors.Factors:
    """The person's factors; where a certificate is one, with a statement that waits for its signature."""
    found = factors.factors_of(person)
    if found.certificate:
        statements.asked(request, SIGN_IN, person)
    return found


@require_POST
@sensitive_post_parameters("credential")
def by_passkey(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey alone: it holds both the device and the fingerprint or PIN, so nothing else is asked."""
    from yiwang.desks.account import login  # the page that shows what went wrong

    address = request.META.get("REMOTE_ADDR", "")
    try:
        attempts.check(PASSKEY_BRAKE, address, "credential")
        challenge = entering.challenge_for(request, "sign_in")
        person = passkeys.used(request.POST.get("credential", ""), challenge, entering.site_of(request))
    except YiwangError as error:
        attempts.failed(PASSKEY_BRAKE, address)
        return login.show(request, reasons=error.reasons)
    attempts.succeeded(PASSKEY_BRAKE, address)
    entering.enter(request, person, "passkey")
    return redirect(safe_next(request, reverse("desk:home")))


@require_POST
def options(request: HttpRequest) -> HttpResponse:
    """What the browser must ask the device for: to make a passkey, or to use one, for a purpose."""
    purpose, site, actor = request.POST.get("purpose", ""), entering.site_of(request), actor_of(request)
    if purpose == "sign_in":
        asked = passkeys.ask_to_use(None, site)
    elif purpose == "second" and (person := parties.person_by_id(entering.half_signed_in(request))):
        asked = passkeys.ask_to_use(person, site)
    elif purpose == "confirm" and actor.known:
        asked = passkeys.ask_to_use(actor.person, site)
    elif purpose == "add" and actor.known and factors.is_fresh(request.session):
        asked = passkeys.ask_to_make(actor.person, site)
    else:
        raise NotVisible
    return JsonResponse(entering.ask_passkey(request, purpose, asked))
