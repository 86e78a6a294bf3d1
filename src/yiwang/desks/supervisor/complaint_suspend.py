"""Screens: the department orders trading to stand still because of a complaint, and lets it go on."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks import complaint_forms, remedy_words
from yiwang.desks.fields import LineField, MomentField, ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.remedies import complaint_acts as acts
from yiwang.ui.forms import UiForm

TEMPLATE = "desks/supervisor/complaint.html"


class SuspensionForm(UiForm, forms.Form):
    """The order's number, its reason, and its end where it is known."""

    number = LineField(most=100, label=Text("通知书文号", "Number of the order"))
    reason = ProseField(
        rows=4,
        label=Text("暂停的理由", "Why it stands still"),
        help_text=Text("立即公开，不要写投诉人的名称", "public at once: do not name the complainant"),
    )
    until = MomentField(
        required=False,
        label=Text("暂停到", "Until"),
        help_text=Text(
            "北京时间；政府采购最长三十日，不填即三十日",
            "Beijing time; in government procurement 30 days at the longest, which is meant when it is empty",
        ),
    )


class ResumptionForm(UiForm, forms.Form):
    """Why it goes on."""

    reason = ProseField(rows=4, label=Text("恢复的理由", "Why it goes on"), help_text=Text("例如：已按处理决定改正", "e.g. what was ordered is done"))


def suspend(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Order the suspension."""
    return acts.suspend(
        actor=actor, tender=number, complaint=int(data["complaint"]), number=data["number"], reason=data["reason"],
        until=data["until"], **extra,
    )  # fmt: skip


def resume(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Let it go on."""
    return acts.resume(actor=actor, tender=number, complaint=int(data["complaint"]), reason=data["reason"], **extra)


register(
    Screen(
        "complaint.suspend",
        suspend,
        make_form=complaint_forms.maker(SuspensionForm, lambda item: item.standing == "accepted" and not remedy_words.held(item)),
        template=TEMPLATE,
        context=complaint_forms.context,
        intro=Text("暂停期间不开标、不评标、不定标、不签合同；法定期限停止计算。",
                   "Nothing is opened, evaluated, awarded or signed meanwhile; the statutory periods stop."),
        final=True,
    )
)  # fmt: skip
register(
    Screen(
        "complaint.resume",
        resume,
        make_form=complaint_forms.maker(ResumptionForm, remedy_words.held),
        template=TEMPLATE,
        context=complaint_forms.context,
        intro=Text("处理决定要求的改正完成后才能恢复。", "It goes on once what the decision orders is done."),
    )
)
