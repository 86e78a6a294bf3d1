"""Forms with which keys are given and released: of tenders and of drills alike. Both work without JavaScript, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from yiwang.desks.fields import LineField, ProseField
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.seal import keys
from yiwang.ui.forms import ReasonError, UiForm

Ask = Callable[[str], str]
"""Gives the challenge for a public key."""

SECRET_PASTED = Reason(
    "custody.secret",
    Text("这是私钥，没有保存", "this is the secret key; it was not kept"),
    field="recipient",
    passes=Text("换一把新密钥，只填写以 age1 开头的公钥", "make a new key and give only its public half, which begins with age1"),
)
PROVE = Reason(
    "custody.prove",
    Text("请证明您持有私钥：在保管密钥的设备上回答下面的验证题", "prove that you hold the secret half: answer the challenge below where the key is"),
    field="answer",
    passes=Text("运行所列命令，把打印的 64 位结果填在这里", "run the command shown and give the 64 characters that it prints"),
)


class RecipientForm(UiForm, forms.Form):
    """The public key, that the secret half is saved, and the proof that it is held.

    The page's script answers the challenge by itself. Without an answer the form comes back with a challenge in
    ``asked``, to be answered on the command line.
    """

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
    challenge = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    answer = LineField(most=100, required=False, label=Text("验证题的答案", "Answer to the challenge"),
                       help_text=Text("64 位，只含 0–9 和 a–f", "64 characters, 0–9 and a–f"))  # fmt: skip

    def __init__(self, *args: Any, ask: Ask) -> None:
        super().__init__(*args)
        self.ask, self.asked = ask, ""
        for name in ("recipient", "answer"):
            self.fields[name].widget.attrs.update({"autocomplete": "off", "spellcheck": "false"})

    def clean_recipient(self) -> str:
        """A public key; a secret key pasted by mistake is named as such and goes no further."""
        text = str(self.cleaned_data["recipient"])
        if "AGE-SECRET-KEY" in text.upper():
            self.data = {**self.data.dict(), "recipient": ""}  # type: ignore[attr-defined]
            raise ReasonError(SECRET_PASTED)
        try:
            return keys.check_recipient(text)
        except YiwangError as error:
            raise ReasonError(error.reasons[0]) from None

    def clean(self) -> dict[str, Any]:
        """Without an answer a challenge is set."""
        data = super().clean() or self.cleaned_data
        if not self.errors and not (data.get("answer") and data.get("challenge")):
            self.set_challenge(data["recipient"])
            self.add_error("answer", ReasonError(PROVE))
        return data

    def set_challenge(self, recipient: str) -> None:
        """A fresh challenge on the form; what it refuses is said on the form."""
        try:
            self.asked = self.ask(recipient)
        except YiwangError as error:
            self.add_error("recipient", ReasonError(error.reasons[0]))
            return
        self.data = {**self.data.dict(), "challenge": self.asked, "answer": ""}  # type: ignore[attr-defined]


class IdentityForm(UiForm, forms.Form):
    """The key file's text, or what is typed from the recovery sheet."""

    identity = ProseField(
        rows=5,
        most=2000,
        label=Text("密钥或恢复单", "Key or recovery sheet"),
        help_text=Text(
            "选择密钥文件后自动填入；也可以粘贴文件内容，或者照恢复单输入 15 组字符（大小写、空格、换行都可以）",
            "filled in from the key file; or paste its text, or type the 15 groups of the recovery sheet (case, blanks and "
            "lines do not matter)",
        ),
    )

    def __init__(self, *args: Any, initial: str = "") -> None:
        super().__init__(*args)
        self.fields["identity"].initial = initial
        self.fields["identity"].widget.attrs.update(
            {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters", "class": "key-text"}
        )
