"""An organisation registers itself, with its first person. Nobody's approval is needed."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from yiwang.desks.account import entering
from yiwang.desks.account.passwords import checked
from yiwang.desks.fields import LineField, PickField
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.evidence.door import AlreadyReceived
from yiwang.modules.parties import acts, rules, services
from yiwang.ui.forms import ReasonError, UiForm, add_reasons


class RegisterForm(UiForm, forms.Form):
    """The organisation and its first person."""

    uscc = LineField(
        label=Text("统一社会信用代码", "Unified social credit code"),
        most=40,
        help_text=Text(
            "营业执照上的 18 位代码，填写时即核对校验位。",
            "The 18 characters on the licence; the check digit is verified.",
        ),
    )
    name = LineField(
        label=Text("单位名称", "Name of the organisation"),
        help_text=Text("营业执照上的全称", "The full name on the licence"),
    )
    name_en = LineField(label=Text("英文名称", "English name"), required=False)
    kind = PickField(label=Text("单位类型", "Kind"), choices=tuple(rules.SELF_REGISTERED.items()), radio=True, initial="enterprise")
    small = forms.BooleanField(label=Text("属于中小微企业", "A small or medium enterprise"), required=False)
    legal_representative = LineField(label=Text("法定代表人", "Legal representative"), most=100, required=False)
    address = LineField(label=Text("地址", "Address"), most=300, required=False)
    phone = LineField(label=Text("电话", "Telephone"), most=50, required=False)
    person_name = LineField(label=Text("您的姓名", "Your name"), most=100)
    username = LineField(label=Text("用户名", "User name"), most=100, help_text=Text("用来登录", "To sign in with"))
    password = forms.CharField(
        label=Text("密码", "Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "new-password"}),
        help_text=Text("至少 8 位", "At least 8 characters"),
    )

    def clean_uscc(self) -> str:
        """The code, its check digit verified."""
        try:
            return rules.checked_uscc(self.cleaned_data["uscc"])
        except YiwangError as error:
            raise ReasonError(error.reasons[0]) from None

    def clean_password(self) -> str:
        """The password, checked with the site's validators."""
        return checked(self.cleaned_data["password"])


@sensitive_post_parameters("password")
def page(request: HttpRequest) -> HttpResponse:
    """Show the form, or register and sign in."""
    form = RegisterForm(request.POST) if request.method == "POST" else RegisterForm()
    if request.method == "POST" and form.is_valid():
        try:
            person = _register(request, form.cleaned_data)
        except AlreadyReceived:
            return redirect("account:login")
        except YiwangError as error:
            add_reasons(form, error)
        else:
            entering.enter(request, person, "register")
            return redirect("account:keys")
    key = request.POST.get("request_key") or secrets.token_hex(16)
    return render(
        request, "desks/account/register.html", {"form": form, "request_key": key}, status=422 if form.is_bound else 200
    )


def _register(request: HttpRequest, data: dict[str, Any]) -> Any:
    """Organisation and person together, or neither."""
    plain = {
        name: data[name]
        for name in ("uscc", "name", "name_en", "kind", "small", "legal_representative", "address", "phone")
    }
    token = request.POST.get("request_key", "")[:32]
    with transaction.atomic():
        organisation = acts.register_organisation(
            actor=PUBLIC, **plain, request_key=f"register-{token}" if token else None
        )
        return services.add_person(
            username=data["username"], name=data["person_name"], password=data["password"], organisation=organisation
        )
