"""Screens: the department accepts a complaint, asks once for a correction, or refuses it on a lawful ground."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks import complaint_forms
from yiwang.desks.fields import PickField, ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.remedies import remedy_law
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.remedies import complaint_acts as acts
from yiwang.modules.remedies.rules import track_of
from yiwang.ui.forms import UiForm

TEMPLATE = "desks/supervisor/complaint.html"


class ReturnForm(UiForm, forms.Form):
    """What is missing."""

    missing = ProseField(
        label=Text("需要补正的内容", "What is to be added"),
        help_text=Text("一次性写全；补正后受理期限重新计算", "say it all at once; the time runs anew from the correction"),
    )


class RefusalForm(UiForm, forms.Form):
    """The ground, and the reasons in words."""

    reasons = ProseField(
        label=Text("理由", "Reasons"),
        help_text=Text("不属于本部门管辖的，写明应当向哪个部门投诉", "where another department is competent, say which"),
    )


_refusing = complaint_forms.maker(RefusalForm, complaint_forms.standing("filed", "returned"))


def make_refusal(*args: Any, actor: Actor, tender: Any) -> Any:
    """The form with the grounds of the tender's track."""
    form, track = _refusing(*args, actor=actor, tender=tender), track_of(tender).key
    choices = [(each.key, each.name) for each in remedy_law().grounds.values() if track in each.tracks]
    picked = form.fields.pop("complaint")
    ground = PickField(label=Text("不予受理的情形", "Ground"), choices=choices, radio=True)
    form.fields = {"complaint": picked, "ground": ground, **form.fields}
    return form


def send_back(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Ask for a correction."""
    return acts.send_back(actor=actor, tender=number, complaint=int(data["complaint"]), missing=data["missing"], **extra)


def accept(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Accept."""
    return acts.accept(actor=actor, tender=number, complaint=int(data["complaint"]), **extra)


def refuse(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Refuse."""
    return acts.refuse(
        actor=actor, tender=number, complaint=int(data["complaint"]), ground=data["ground"], reasons=data["reasons"], **extra
    )


register(
    Screen(
        "complaint.return",
        send_back,
        make_form=complaint_forms.maker(ReturnForm, lambda item: item.standing == "filed" and not item.missing),
        template=TEMPLATE,
        context=complaint_forms.context,
        intro=Text("投诉书不完整的，一次性告知投诉人补正。", "An incomplete complaint: tell the complainant once, and all, what is missing."),
    )
)
register(
    Screen(
        "complaint.accept",
        accept,
        make_form=complaint_forms.maker(complaint_forms.PlainComplaintForm, complaint_forms.standing("filed")),
        template=TEMPLATE,
        context=complaint_forms.context,
        intro=Text("受理后三十个工作日内作出处理决定；投诉人和被投诉人会收到通知。",
                   "The decision is due in 30 workdays; complainant and respondent are told."),
    )
)  # fmt: skip
register(
    Screen(
        "complaint.refuse",
        refuse,
        make_form=make_refusal,
        template=TEMPLATE,
        context=complaint_forms.context,
        intro=Text("不予受理应当有法定理由，并告知投诉人。", "A refusal needs a lawful ground, which the complainant is told."),
        final=True,
    )
)
