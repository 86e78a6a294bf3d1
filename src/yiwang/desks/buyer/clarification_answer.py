"""Answer a question, or amend the documents unasked; the deadline moves when the law needs it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks import counts
from yiwang.desks.fields import MomentField, PickField, ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel import moment
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.tenders import acts
from yiwang.modules.tenders import selectors as tenders
from yiwang.ui.forms import UiForm

UNASKED = Text("主动澄清或修改（不针对某个疑问）", "an amendment of our own, no answer to a question")


class ClarifyForm(UiForm, forms.Form):
    """Which question, what is answered, and whether it touches the bids."""

    answer = ProseField(label=Text("澄清或修改的内容", "Clarification or amendment"), rows=7)
    affects_bids = PickField(
        label=Text("是否影响投标文件编制", "Does it affect the preparation of bids?"),
        help_text=Text(
            "影响编制的，距投标截止应不少于 15 日，不足的须顺延。",
            "If it does, at least 15 days must remain; else the deadline moves.",
        ),
        choices=[("yes", Text("影响", "it does")), ("no", Text("不影响", "it does not"))],
        radio=True,
        initial="yes",
    )
    new_deadline = MomentField(
        label=Text("新的投标截止时间", "New deadline for bids"),
        required=False,
        help_text=Text("北京时间；不改截止时间则留空。", "Beijing time; leave empty to keep the deadline."),
    )


def make_form(*args: Any, actor: Actor, tender: Any) -> ClarifyForm:
    """The form with the open questions; the new deadline is filled in when the present one leaves too little time."""
    found = counts.deadline_after_clarification(tender, moment.now())
    moved = found.at if found.at is not None and found.at != tender.deadline else None
    form = ClarifyForm(*args, initial={"new_deadline": moved})
    waiting = tenders.clarifications(actor, tender).filter(answered_at=None)
    choices = [*((str(each.pk), each.question) for each in waiting), ("", UNASKED)]
    field = PickField(
        label=Text("答复的疑问", "Question"), choices=choices, required=False, radio=True, initial=choices[0][0]
    )
    form.fields = {"clarification": field, **form.fields}
    return form


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Publish the clarification."""
    chosen = data["clarification"]
    return acts.clarify(
        actor=actor,
        tender=number,
        answer=data["answer"],
        clarification=int(chosen) if chosen else None,
        affects_bids=data["affects_bids"] == "yes",
        new_deadline=data["new_deadline"],
        **extra,
    )


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """How the lawful deadline is counted."""
    return {"proposals": [counts.deadline_after_clarification(tender, moment.now())]}


register(
    Screen(
        "clarification.answer",
        perform,
        make_form=make_form,
        template="desks/buyer/clarification_answer.html",
        context=context,
        intro=Text("答复向所有人公布，不说明是谁提问。", "The answer goes to everybody; who asked is not told."),
    )
)
