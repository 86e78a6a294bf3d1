"""Screen: a custodian gives the public half of a one-time key."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import LineField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.errors import BadInput
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import acts
from yiwang.seal import keys
from yiwang.ui.forms import ReasonError, UiForm

SECRET_PASTED = Reason(
    "custody.secret",
    Text("这是私钥，没有保存", "this is the secret key; it was not kept"),
    field="recipient",
    passes=Text("换一把新密钥，只填写以 age1 开头的公钥", "make a new key and give only its public half, which begins with age1"),
)


class RecipientForm(UiForm, forms.Form):
    """The public key, and that the secret half is saved."""

    recipient = LineField(
        most=100,
        label=Text("一次性公钥", "One-time public key"),
        help_text=Text("以 age1 开头的 62 位；在上面生成，或粘贴命令行生成的公钥",
                       "62 characters that begin with age1; made above, or pasted from the command line"),
    )  # fmt: skip
    saved = forms.BooleanField(
        label=Text(
            "密钥文件已保存在我自己的设备或介质上，开标时我能取出来",
            "The key file is saved on a device or medium of my own, and I can get at it for the opening",
        )
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.fields["recipient"].widget.attrs.update({"autocomplete": "off", "spellcheck": "false"})

    def clean_recipient(self) -> str:
        """A public key; a secret key pasted by mistake is named as such and goes no further."""
        text = str(self.cleaned_data["recipient"])
        if "AGE-SECRET-KEY" in text.upper():
            self.data = {**self.data.dict(), "recipient": ""}  # type: ignore[attr-defined]
            raise ReasonError(SECRET_PASTED)
        try:
            return keys.check_recipient(text)
        except BadInput as error:
            raise ReasonError(error.reasons[0]) from None


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Give it."""
    return acts.provide_key(actor=actor, tender=number, recipient=data["recipient"], **extra)


register(
    Screen(
        "custody.provide_key",
        perform,
        form=RecipientForm,
        template="desks/custodian/custody_provide_key.html",
        intro=Text(
            "您是本项目的密钥保管人。投标文件密封给您和其他保管人的公钥；开标时公布您的密钥，投标才能打开。",
            "You are a custodian of this tender. Bids are sealed to the public keys of you and the others; they can be "
            "opened only when you release your keys at the opening.",
        ),
    )
)
