"""Step-up: before an important act it is asked anew who sits there, unless that was confirmed within the last minutes.

Asked when the act's page is opened. When the time runs out while somebody fills it in, the page asks in between and
carries on with what was typed.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters

from yiwang.desks.access import actor_of, safe_next, signed_in
from yiwang.desks.account import entering, second
from yiwang.desks.frame import desk
from yiwang.kernel.errors import YiwangError, bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.parties import account_events, attempts, factors
from yiwang.ui.forms import UiForm

TITLE = Text("再确认一次是您本人", "Confirm once more that it is you")
OURS = ("csrfmiddlewaretoken", "confirming", "password", "code", "credential", second.BY_CERTIFICATE)
"""Posted names that belong to this page, not to the act that waits."""


class PasswordForm(UiForm, forms.Form):
    """The password once more, for accounts without a second factor."""

    password = forms.CharField(
        label=Text("密码", "Password"), max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip


def gate(request: HttpRequest, act: str) -> HttpResponse | None:
    """None when the act may go on; otherwise the page that asks first. Call it once the act is known to be the actor's."""
    if act not in factors.STEP_UP:
        return None
    if request.method == "POST" and "confirming" in request.POST:
        asking = _asked(request, act)
        if asking is None:
            _forget_answer(request)
        return asking
    if factors.is_fresh(request.session):
        return None
    if request.method == "POST":
        return _ask(request, act, None)
    return redirect(f"{reverse('account:confirm')}?{urlencode({'next': request.get_full_path(), 'act': act})}")


@signed_in
@sensitive_post_parameters("password", "code", "credential")
def page(request: HttpRequest) -> HttpResponse:
    """The same question on a page of its own; leads on to where it came from."""
    act = request.GET.get("act", "")
    asking = _asked(request, act) if request.method == "POST" else _ask(request, act, None)
    return asking or redirect(safe_next(request, reverse("desk:home")))


def _asked(request: HttpRequest, act: str) -> HttpResponse | None:
    """None when the answer was right."""
    person, seen = actor_of(request).person, entering.where(request)
    form = _form(request)
    try:
        how = second.proved(request, person, form, "confirm") if isinstance(form, second.CodeForm) else _password(person, form)
    except YiwangError as error:
        how = second.tried(request, "password" if isinstance(form, PasswordForm) else "totp")
        account_events.note(person, "confirm", seen, how=how, ok=False)
        return _ask(request, act, form, second.told(form, error))
    if not how:
        return _ask(request, act, form)
    factors.confirmed(request.session)
    account_events.note(person, "confirm", seen, how=how, detail=act if act in factors.STEP_UP else "")
    return None


def _form(request: HttpRequest) -> Any:
    kind = second.CodeForm if factors.factors_of(actor_of(request).person).any else PasswordForm
    return second.form_of(kind, request) if "confirming" in request.POST else kind()


def _password(person: Any, form: PasswordForm) -> str:
    if not form.is_valid():
        return ""
    who = (f"confirm {person.pk}", "")
    attempts.check(*who, "password")
    if not person.check_password(form.cleaned_data["password"]):
        attempts.failed(*who)
        raise bad("password", "密码不对", "the password is wrong", passes=Text("您登录用的密码", "the password you sign in with"))
    attempts.succeeded(*who)
    return "password"


def _ask(request: HttpRequest, act: str, form: Any, reasons: tuple[Reason, ...] = ()) -> HttpResponse:
    form = form or _form(request)
    here = request.path == reverse("account:confirm")
    posted = [(name, value) for name, values in request.POST.lists() if name not in OURS for value in values]
    context = {
        **desk(request, crumbs=((TITLE, ""),)),
        "form": form,
        "posted": [("next", safe_next(request, reverse("desk:home")))] if here else posted,
        "reason": factors.STEP_UP.get(act),
        "reasons": reasons,
        "late": not here and not form.is_bound and not reasons,
        "minutes": settings.STEP_UP_MINUTES,
        "factors": second.ready(request, actor_of(request).person),
        "site": entering.site_of(request),
        "demo": _demo_password(request, form),
    }
    status = 422 if form.is_bound or reasons else 200 if here else 403
    return render(request, "desks/account/confirm.html", context, status=status)


def _demo_password(request: HttpRequest, form: Any) -> str:
    """The demo city's people have passwords that everybody may know."""
    from yiwang.desks.account.login import demo_accounts

    username = actor_of(request).person.username
    found = next((each.password for each in demo_accounts() if each.username == username), "")
    return found if isinstance(form, PasswordForm) else ""


def _forget_answer(request: HttpRequest) -> None:
    """Leave of the posted fields what belongs to the act."""
    rest = request.POST.copy()
    for name in OURS[1:]:
        rest.pop(name, None)
    request.POST = rest  # type: ignore[assignment]
