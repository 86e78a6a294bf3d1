"""Give the reason for a term that the reviewer found and that stays."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import PickField, ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel import moment
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.reviews import acts, selectors
from yiwang.ui.forms import UiForm


class JustifyForm(UiForm, forms.Form):
    """The reason; the finding is added by :func:`make_form`."""

    reason = ProseField(
        label=Text("保留的理由", "Reason"),
        rows=5,
        most=acts.LONGEST,
        help_text=Text("写与本项目的具体特点和实际需要有关的理由；随公告公开。",
                       "A reason that lies in what this project needs; public with the notice."),
    )  # fmt: skip


def make_form(*args: Any, actor: Actor, tender: Any) -> JustifyForm:
    """The form with the findings that wait for a reason."""
    form = JustifyForm(*args)
    waiting = [each for each in selectors.still_open(tender, moment.now()) if each.severity == "warn"]
    choices = [(each.key, Text(f"{each.title.zh}：{each.sentence}", f"{each.title.en}: {each.sentence}")) for each in waiting]
    field = PickField(label=Text("条款", "Term"), choices=choices, radio=True)
    form.fields = {"finding": field, **form.fields}
    return form


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Justify."""
    return acts.justify(actor=actor, tender=number, finding=data["finding"], reason=data["reason"], **extra)


register(
    Screen(
        "review.justify",
        perform,
        make_form=make_form,
        intro=Text("能改的请改；确有需要的，说明理由。", "Change what can be changed; where a term is needed, say why."),
    )
)
