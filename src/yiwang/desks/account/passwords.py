"""A new password: checked with the site's validators, told in both languages."""

from __future__ import annotations

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from yiwang.kernel.text import Text
from yiwang.ui.forms import UiForm

PASSWORD_FAULTS = {
    "password_too_short": Text("密码至少 8 位", "the password needs at least 8 characters"),
    "password_too_common": Text("这个密码太常见，容易被猜到", "this password is too common"),
    "password_too_similar": Text("密码与用户名或姓名太相似", "the password is too similar to the names"),
}


def checked(password: str) -> str:
    """The password; ValidationError saying what is wrong with it."""
    try:
        validate_password(password)
    except ValidationError as error:
        weak = Text("密码太弱", "the password is too weak")
        raise ValidationError([ValidationError(PASSWORD_FAULTS.get(each.code or "", weak)) for each in error.error_list]) from None
    return password


class PasswordForm(UiForm, forms.Form):
    """The own new password."""

    password = forms.CharField(
        label=Text("新密码", "New password"), max_length=200, strip=False, help_text=Text("至少 8 位", "At least 8 characters"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean_password(self) -> str:
        """The password, checked with the site's validators."""
        return checked(self.cleaned_data["password"])
