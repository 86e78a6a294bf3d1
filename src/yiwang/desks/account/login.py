"""Sign in with user name and password, or as one of the demo's people; sign out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from yiwang.desks.access import actor_of, safe_next
from yiwang.desks.account import entering
from yiwang.desks.fields import LineField
from yiwang.kernel.errors import YiwangError, bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.parties import account_events, attempts, factors, open_sessions
from yiwang.ui.forms import UiForm, add_reasons


class LoginForm(UiForm, forms.Form):
    """User name and password."""

    username = LineField(label=Text("用户名", "User name"), most=100)
    password = forms.CharField(label=Text("密码", "Password"), max_length=200, strip=False, widget=forms.PasswordInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].widget.attrs["autocomplete"] = "current-password"


@sensitive_post_parameters("password")
def page(request: HttpRequest) -> HttpResponse:
    """Show the form, or sign in."""
    onward = safe_next(request, reverse("desk:home"))
    if request.method != "POST" and actor_of(request).known:
        return redirect(onward)
    if request.method != "POST":
        return show(request)
    form = LoginForm(request.POST)
    if not form.is_valid() or (person := _person(request, form)) is None:
        return show(request, form)
    if factors.factors_of(person).any:
        entering.half_way(request, person)
        return redirect(f"{reverse('account:second')}?{urlencode({'next': onward})}")
    entering.enter(request, person, "password")
    return redirect(onward)


def show(request: HttpRequest, form: LoginForm | None = None, reasons: tuple[Reason, ...] = ()) -> HttpResponse:
    """The page, with what went wrong."""
    context = {"form": form or LoginForm(), "next": safe_next(request, ""), "accounts": demo_accounts(),
               "reasons": reasons, "site": entering.site_of(request)}  # fmt: skip
    return render(request, "desks/account/login.html", context, status=422 if form or reasons else 200)


def _person(request: HttpRequest, form: LoginForm) -> Any:
    """Whose name and password these are; None, with the form saying what is wrong, when nobody's."""
    username, address = form.cleaned_data["username"], request.META.get("REMOTE_ADDR", "")
    try:
        attempts.check(username, address, "password")
    except YiwangError as error:
        add_reasons(form, error)
        return None
    person = authenticate(request, username=username, password=form.cleaned_data["password"])
    if person is None:
        attempts.failed(username, address)
        account_events.note_try(username, "sign_in", entering.where(request), how="password")
        passes = Text(
            "请核对后重新填写；还没有账号可以注册单位", "check both; without an account, register your organisation"
        )
        add_reasons(form, bad("password", "用户名或密码不对", "user name or password is wrong", passes=passes))
        return None
    attempts.succeeded(username, address)
    return person


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    if actor_of(request).known:
        open_sessions.closed(request.session)
        account_events.note(actor_of(request).person, "sign_out", entering.where(request))
    logout(request)
    return redirect("public:home")


def demo_accounts() -> list[Any]:
    """The demo's accounts for one-click sign-in; none outside demo mode."""
    if settings.PRODUCTION:
        return []
    from yiwang import demo

    accounts = getattr(demo, "accounts", None)
    return list(accounts()) if accounts is not None else []
