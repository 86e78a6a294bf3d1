"""Suspend a tender, and let it go on: for buyer, agency and supervisor."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import LineField, PickField, ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel import moment, suspension
from yiwang.kernel.text import Text
from yiwang.modules.evidence import permits, registry
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.tenders import selectors
from yiwang.modules.tenders import suspension as acts
from yiwang.ui.forms import UiForm


class SuspendForm(UiForm, forms.Form):
    """Why, and by which article."""

    reason = ProseField(label=Text("暂停原因", "Reason"), rows=4, help_text=Text("原因将立即公告", "The reason is published at once"))
    article = LineField(
        label=Text("依据的条款", "Article"),
        required=False,
        help_text=Text("不填的，按本项目适用的法律。", "Empty: that of the law which governs this tender."),
    )


class ResumeForm(UiForm, forms.Form):
    """Why the tender goes on."""

    reason = ProseField(label=Text("恢复的理由", "Why it goes on"), rows=4)


def _kinds(act: str, actor: Actor, tender: Any) -> list[tuple[str, Text]]:
    role = permits.role_for(registry.row_of(act), actor, tender)
    return [(kind, suspension.KINDS[kind]) for kind in suspension.BY_ROLE.get(role, ())]


def suspend_form(*args: Any, actor: Actor, tender: Any) -> SuspendForm:
    """The form with the kinds that are the actor's to order."""
    form = SuspendForm(*args)
    choices = _kinds("tender.suspend", actor, tender)
    field = PickField(label=Text("暂停的情形", "Ground"), choices=choices, radio=True, initial=choices[0][0])
    form.fields = {"kind": field, **form.fields}
    return form


def resume_form(*args: Any, actor: Actor, tender: Any) -> ResumeForm:
    """The form with the suspensions that are open and the actor's to lift."""
    form = ResumeForm(*args)
    open_now = {each.kind for each in selectors.open_suspensions(tender, moment.now())}
    choices = [each for each in _kinds("tender.resume", actor, tender) if each[0] in open_now]
    if not choices:
        choices = [("", Text("没有由您解除的暂停", "no suspension is yours to lift"))]
    field = PickField(label=Text("解除的暂停", "Suspension"), choices=choices, radio=True, initial=choices[0][0])
    form.fields = {"kind": field, **form.fields}
    return form


def suspend(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Let it stand still."""
    return acts.suspend(actor=actor, tender=number, kind=data["kind"], reason=data["reason"], article=data["article"], **extra)


def resume(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Let it go on."""
    return acts.resume(actor=actor, tender=number, kind=data["kind"], reason=data["reason"], **extra)


register(
    Screen(
        "tender.suspend",
        suspend,
        make_form=suspend_form,
        intro=Text(
            "暂停期间，截标、开标、评标、定标、签约等都要等待；提问、异议和递交投标不受影响。立即公告并通知各方。",
            "Closing, opening, evaluation, award and contract wait; questions, objections and bids do not. Published at once; all are told.",
        ),
    )
)
register(
    Screen(
        "tender.resume",
        resume,
        make_form=resume_form,
        intro=Text(
            "恢复后，招标阶段的投标截止时间按耽误的日数顺延。",
            "Once it goes on, a deadline for bids that is still ahead moves by the days that were lost.",
        ),
    )
)
