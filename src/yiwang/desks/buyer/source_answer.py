"""Screen: answer an objection to a single source."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import PickField, ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.negotiations import selectors as negotiations
from yiwang.modules.negotiations import source_acts
from yiwang.ui.forms import UiForm


class AnswerForm(UiForm, forms.Form):
    """Whether it is upheld, and why."""

    upheld = PickField(
        label=Text("异议是否成立", "Is it upheld?"), radio=True,
        choices=[("no", Text("不成立", "it is not")), ("yes", Text("成立，应当采用其他采购方式", "it is: another procedure must be used"))],
    )  # fmt: skip
    text = ProseField(rows=7, label=Text("论证意见和答复", "Examination and answer"))


def make_form(*args: Any, actor: Actor, tender: Any) -> AnswerForm:
    """The form with the objections that wait."""
    form = AnswerForm(*args)
    waiting = [(str(each.pk), each.text) for each in negotiations.source_objections(actor, tender) if not each.answered_at]
    field = PickField(
        label=Text("待答复的异议", "Objection"), choices=waiting, radio=True, initial=waiting[0][0] if waiting else None
    )
    form.fields = {"objection": field, **form.fields}
    return form


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Answer."""
    return source_acts.answer(
        actor=actor, tender=number, objection=int(data["objection"]), text=data["text"], upheld=data["upheld"] == "yes", **extra
    )


register(
    Screen(
        "source.answer",
        perform,
        make_form=make_form,
        intro=Text(
            "公示期满后五个工作日内组织补充论证；论证后认为异议成立的，应当依法采取其他采购方式。",
            "Examine it within five working days after the publicity; if it holds, another procedure must be used.",
        ),
    )
)
