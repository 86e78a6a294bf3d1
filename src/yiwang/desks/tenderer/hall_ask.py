"""A tenderer whose bid was opened asks the host of the opening."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import hall_acts as acts
from yiwang.ui.forms import UiForm


class AskForm(UiForm, forms.Form):
    """The question."""

    text = ProseField(rows=4, most=acts.LONGEST, label=Text("提问", "Your question"))


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Ask."""
    return acts.ask(actor=actor, tender=number, text=data["text"], **extra)


register(
    Screen(
        "hall.ask",
        perform,
        form=AskForm,
        intro=Text(
            "提问和您的单位名称当场公开。如果认为开标违法，请提出异议：异议答复之前，招标活动暂停。",
            "Question and firm are public at once. If you hold the opening to be unlawful, object instead: until an objection "
            "is answered, trading pauses.",
        ),
    )
)
