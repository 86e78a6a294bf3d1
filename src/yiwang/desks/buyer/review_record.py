"""Fill in the fair-competition form and sign it off."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import LineField, PickField
from yiwang.desks.screens import Screen, register
from yiwang.kernel import review_book
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.reviews import acts, selectors
from yiwang.ui.forms import UiForm

ANSWERS = [("no", Text("否", "no")), ("yes", Text("是", "yes"))]


class RecordForm(UiForm, forms.Form):
    """A yes or no and a reason for each question, added by :func:`make_form`."""


def make_form(*args: Any, actor: Actor, tender: Any) -> RecordForm:
    """The questions of the law's form, with what was answered last; nothing is answered in advance."""
    form, signed = RecordForm(*args), selectors.form_of(tender)
    fields: dict[str, forms.Field] = {}
    for each in review_book.book().form.questions:
        before = (signed.answers if signed else {}).get(each.key, {})
        chosen = {True: "yes", False: "no"}.get(before.get("holds"))
        fields[each.key] = PickField(
            label=each.says, help_text=Text(each.article, each.article), choices=ANSWERS, radio=True, initial=chosen
        )
        fields[f"{each.key}_reason"] = LineField(
            label=Text("回答“是”的理由", "Reason of a yes"), required=False, most=acts.LONGEST, initial=before.get("reason", "")
        )
    form.fields = fields
    return form


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Sign off."""
    answers = {
        each.key: {"holds": data[each.key] == "yes", "reason": data[f"{each.key}_reason"]}
        for each in review_book.book().form.questions
    }
    return acts.record(actor=actor, tender=number, answers=answers, **extra)


register(
    Screen(
        "review.record",
        perform,
        make_form=make_form,
        intro=Text("逐项回答。回答“否”而文件中有这样的条款的，不能签署。", "Answer each. A no that the documents contradict cannot be signed off."),
    )
)
