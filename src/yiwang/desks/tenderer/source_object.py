"""Screen: object to a single source."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.negotiations import source_acts
from yiwang.ui.forms import UiForm


class ObjectForm(UiForm, forms.Form):
    """Why."""

    text = ProseField(rows=7, label=Text("异议的事实和理由", "Facts and reasons"))


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Object."""
    return source_acts.object_to(actor=actor, tender=number, text=data["text"], **extra)


register(
    Screen(
        "source.object",
        perform,
        form=ObjectForm,
        intro=Text(
            "公示期内可以提出异议；采购人应当论证并答复，异议人不公开。",
            "Objections are taken while the publicity stands; the purchaser must examine and answer them; who objects is not made public.",
        ),
    )
)
