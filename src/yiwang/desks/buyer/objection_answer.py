"""Answer an objection."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks import remedy_words
from yiwang.desks.fields import PickField, ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel import moment
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.remedies import acts
from yiwang.modules.remedies import selectors as remedies
from yiwang.ui.formats import when_text
from yiwang.ui.forms import UiForm


class AnswerForm(UiForm, forms.Form):
    """Whether the objection is upheld, and why."""

    upheld = PickField(
        label=Text("是否成立", "Is it upheld?"),
        choices=[("no", Text("不成立", "it is not")), ("yes", Text("成立", "it is"))],
        radio=True,
    )
    text = ProseField(
        label=Text("答复意见", "Answer"), rows=7, help_text=Text("写明事实和依据", "State facts and grounds")
    )


def make_form(*args: Any, actor: Actor, tender: Any) -> AnswerForm:
    """The form with the objections that wait."""
    form = AnswerForm(*args)
    waiting = [each for each in remedies.objections(actor, tender) if each.waits]
    choices = [(str(each.pk), _line(tender, each)) for each in waiting]
    field = PickField(
        label=Text("待答复的异议或质疑", "Objection or query"), choices=choices, radio=True, initial=choices[0][0] if choices else None
    )
    form.fields = {"objection": field, **form.fields}
    return form


def _line(tender: Any, item: Any) -> Text:
    kind, due = remedy_words.kind_name(tender, item.kind), when_text(item.answer_by)
    if item.answer_by < moment.now():
        return Text(f"{kind.zh}：{item.text}（应在 {due} 前答复，已逾期）", f"{kind.en}: {item.text} (was due before {due}: overdue)")
    return Text(f"{kind.zh}：{item.text}（{due} 前答复）", f"{kind.en}: {item.text} (answer before {due})")


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Answer."""
    return acts.answer(
        actor=actor,
        tender=number,
        objection=int(data["objection"]),
        text=data["text"],
        upheld=data["upheld"] == "yes",
        **extra,
    )


register(
    Screen(
        "objection.answer",
        perform,
        make_form=make_form,
        intro=Text(
            "异议答复之前，招标活动暂停；质疑应在七个工作日内书面答复，并通知其他有关供应商。逾期答复会注明逾期。",
            "Until an objection is answered, trading pauses. A query is answered in writing in seven workdays, and the others "
            "concerned are told. An answer that comes late says so.",
        ),
    )
)
