"""Sign in with user name and password, or as one of the demo's people; sign out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from yiwang.desks.access import actor_of, safe_next
from yiwang.desks.fields import LineField
from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.modules.parties import attempts
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
    form = LoginForm(request.POST) if request.method == "POST" else LoginForm()
    if request.method == "POST" and form.is_valid() and _sign_in(request, form):
        return redirect(onward)
    context = {"form": form, "next": safe_next(request, ""), "accounts": demo_accounts()}
    return render(request, "desks/account/login.html", context, status=422 if form.is_bound else 200)


def _sign_in(request: HttpRequest, form: LoginForm) -> bool:
    username, address = form.cleaned_data["username"], request.META.get("REMOTE_ADDR", "")
    wait = attempts.seconds_to_wait(username, address)
    if wait:
        add_reasons(form, bad("password", f"尝试次数过多，请 {wait} 秒后再试", f"too many tries; wait {wait} seconds"))
        return False
    person = authenticate(request, username=username, password=form.cleaned_data["password"])
    if person is None:
        attempts.failed(username, address)
        passes = Text(
            "请核对后重新填写；还没有账号可以注册单位", "check both; without an account, register your organisation"
        )
        add_reasons(form, bad("password", "用户名或密码不对", "user name or password is wrong", passes=passes))
        return False
    attempts.succeeded(username, address)
    login(request, person)
    return True


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    logout(request)
    return redirect("public:home")


def demo_accounts() -> list[Any]:
    """The demo's accounts for one-click sign-in; none outside demo mode."""
    if settings.PRODUCTION:
        return []
    from yiwang import demo

    accounts = getattr(demo, "accounts", None)
    return list(accounts()) if accounts is not None else []
