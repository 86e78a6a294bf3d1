"""Answer a tenderer's question before everybody."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import PickField, ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import hall_acts as acts
from yiwang.modules.openings import selectors as openings
from yiwang.ui.forms import UiForm


class AnswerForm(UiForm, forms.Form):
    """The answer."""

    text = ProseField(rows=4, most=acts.LONGEST, label=Text("答复", "Answer"))


def make_form(*args: Any, actor: Actor, tender: Any) -> AnswerForm:
    """The form with the questions that wait."""
    form, here = AnswerForm(*args), openings.hall_of(tender)
    choices = [(str(n), f"{here['questions'][n - 1]['name']}：{here['questions'][n - 1]['text']}") for n in here.unanswered]
    field = PickField(label=Text("提问", "Question"), choices=choices, radio=True, initial=choices[0][0] if choices else None)
    form.fields = {"question": field, **form.fields}
    return form


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Answer."""
    return acts.answer(actor=actor, tender=number, question=int(data["question"]), text=data["text"], **extra)


register(
    Screen(
        "hall.answer",
        perform,
        make_form=make_form,
        intro=Text("答复向所有观看的人公开。", "Everybody who watches reads the answer."),
    )
)
