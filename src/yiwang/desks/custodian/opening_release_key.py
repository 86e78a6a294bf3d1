"""Screen: a custodian releases the secret half of the one-time key after closing."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest

from yiwang.desks.fields import ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import acts, selectors
from yiwang.ui.forms import UiForm


class IdentityForm(UiForm, forms.Form):
    """The key file's text."""

    identity = ProseField(
        rows=4,
        most=2000,
        label=Text("密钥", "Key"),
        help_text=Text("选择密钥文件后自动填入；也可以粘贴文件内容（以 AGE-SECRET-KEY-1 开头的一行）",
                       "filled in from the key file; or paste its text (the line that begins with AGE-SECRET-KEY-1)"),
    )  # fmt: skip

    def __init__(self, *args: Any, initial: str = "") -> None:
        super().__init__(*args)
        self.fields["identity"].initial = initial
        self.fields["identity"].widget.attrs.update({"autocomplete": "off", "spellcheck": "false"})


def make_form(*args: Any, actor: Actor, tender: Any) -> IdentityForm:
    """The form; in the demo city it holds the key that the demo keeps for this custodian."""
    return IdentityForm(*args, initial=demo_key(actor, tender.number))


def demo_key(actor: Actor, number: str) -> str:
    """The key file that the demo city keeps for its own custodians; '' elsewhere."""
    if settings.PRODUCTION or actor.person is None or importlib.util.find_spec("yiwang.demo") is None:
        return ""
    find = getattr(importlib.import_module("yiwang.demo"), "custody_key_file", None)
    return str(find(actor.person.username, number) or "") if find else ""


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Release it."""
    return acts.release_key(actor=actor, tender=number, identity=data["identity"], **extra)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """The own public key, and how many have released theirs."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    everyone = list(selectors.custodians(tender))
    own = next((each for each in everyone if each.person == actor.person), None)
    return {
        "recipient": own.recipient if own else "",
        "released": sum(1 for each in everyone if each.released_at),
        "needed": tender.custody_threshold,
        "demo_key": bool(demo_key(actor, tender.number)),
    }


register(
    Screen(
        "opening.release_key",
        perform,
        make_form=make_form,
        template="desks/custodian/opening_release_key.html",
        intro=Text(
            "投标已截止。公布您的一次性密钥后，它人人可见；够数即可开标。这把密钥只用于本项目。",
            "Bidding is closed. Once released your one-time key is public; when enough are there, all bids open. It is "
            "of no use elsewhere.",
        ),
        context=context,
        final=True,
    )
)
