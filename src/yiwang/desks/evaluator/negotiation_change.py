"""Screen: the group changes the requirements and tells all who negotiate."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks.fields import PickField, ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.negotiations import acts, law
from yiwang.ui.forms import UiForm


class ChangeForm(UiForm, forms.Form):
    """What is changed."""

    text = ProseField(rows=7, label=Text("变动的内容", "What is changed"), help_text=Text("原文和改后的内容", "the text before and after"))
    confirmed = forms.BooleanField(
        label=Text("采购人代表已经确认这项变动", "The purchaser's representative has confirmed it"), required=False
    )


def make_form(*args: Any, actor: Actor, tender: Any) -> ChangeForm:
    """The form with what the law lets change."""
    form = ChangeForm(*args)
    kinds = list(law.named("changes").items())
    form.fields = {"kind": PickField(label=Text("变动的是", "This changes"), choices=kinds, radio=True), **form.fields}
    return form


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Change them."""
    return acts.change(
        actor=actor, tender=number, kind=data["kind"], text=data["text"], confirmed=data["confirmed"], **extra
    )


def reviewed(request: HttpRequest, tender: Any, data: dict[str, Any]) -> dict[str, Any]:
    """What all suppliers will read."""
    return {"change": {"kind": law.named("changes")[data["kind"]], "text": data["text"]}}


register(
    Screen(
        "negotiation.change",
        perform,
        make_form=make_form,
        preview="desks/evaluator/negotiation_change.html",
        confirm=True,
        reviewed=reviewed,
        intro=Text(
            "只能变动技术、服务要求和合同草案条款；办理后所有参加谈判的供应商同时收到书面通知。",
            "Only technical and service requirements and terms of the draft contract; all who negotiate are told at the same time.",
        ),
        final=True,
    )
)
