"""Screens of a complainant: complain to the supervising department, correct the complaint, withdraw it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks import complaint_forms, remedy_words
from yiwang.desks.fields import LineField, MomentField, PickField, ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.remedies import remedy_law
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor, has_role
from yiwang.modules.remedies import complaint_acts as acts
from yiwang.modules.remedies import complaint_rules as rules
from yiwang.modules.remedies import selectors as remedies
from yiwang.modules.remedies.rules import track_of
from yiwang.ui.formats import when_text
from yiwang.ui.forms import UiForm


class ComplaintForm(UiForm, forms.Form):
    """What is complained of, with facts, and what is asked for."""

    text = ProseField(
        rows=9,
        most=10_000,
        label=Text("事实和证据", "Facts and evidence"),
        help_text=Text("写明时间、经过、违反的规定和证据来源", "when and how, against which rule, and where the evidence comes from"),
    )
    request = ProseField(rows=3, most=2_000, label=Text("投诉请求", "What you ask for"))


class CorrectionForm(UiForm, forms.Form):
    """What is added."""

    text = ProseField(label=Text("补正内容", "What you add or correct"), most=10_000)


def make_form(*args: Any, actor: Actor, tender: Any) -> ComplaintForm:
    """The form: the own objections to choose from; day of knowing, interest and industry where they matter."""
    form, law = ComplaintForm(*args), rules.law_for(tender)
    own = [each for each in remedies.own_objections(actor, tender) if each.withdrawn_at is None]
    choices = [(str(each.pk), _line(tender, each)) for each in own]
    if law.alone:
        choices.append(("", Text("不属于应当先提异议的事项", "a matter that needs no objection first")))
    first: dict[str, forms.Field] = {
        "objection": PickField(
            label=Text("先前提出的异议或质疑", "The objection or query that came first"),
            choices=choices,
            radio=True,
            required=not law.alone,
            initial=choices[0][0] if choices else None,
        )
    }
    if track_of(tender).key == "construction":
        names = [("", Text("其他或者不确定", "other, or not sure")), *remedy_law().industries.items()]
        first["industry"] = PickField(label=Text("工程行业", "Kind of works"), choices=names, required=False,
                                      help_text=Text("决定由哪个部门处理", "it decides which department deals with it"))  # fmt: skip
    form.fields = {**first, **form.fields}
    if law.alone:
        form.fields["known"] = MomentField(
            required=False,
            label=Text("您何时知道", "When you knew"),
            help_text=Text("没有先提异议的必须填写，自那时起十日内投诉", "needed where no objection came first: 10 days run from then"),
        )
        if not own and not has_role("bidder", actor, tender):
            form.fields["interest"] = LineField(required=False, label=Text("与本项目的利害关系", "In what way the tender concerns you"))
    return form


def _line(tender: Any, item: Any) -> Text:
    name = remedy_words.kind_name(tender, item.kind)
    if item.answered_at:
        at = when_text(item.answered_at)
        return Text(f"{name.zh}（{at} 答复）：{item.text}", f"{name.en} (answered {at}): {item.text}")
    due = when_text(item.answer_by)
    return Text(f"{name.zh}（应在 {due} 前答复）：{item.text}", f"{name.en} (to be answered before {due}): {item.text}")


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """Where it goes, until when, and the own complaints so far."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    law, track = rules.law_for(tender), track_of(tender).key
    until = [rules.file_until(law, each) for each in remedies.own_objections(actor, tender) if each.withdrawn_at is None]
    return {
        "who": law.who,
        "department": remedy_law().departments[remedy_law().route(track).department],
        "until": max((each for each in until if each is not None), default=None),
        "complaints": [each for each in complaint_forms.rows(actor, tender) if each["inside"]],
        "secret": tender.state in ("tendering", "closed"),
    }


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Complain."""
    first = data.get("objection")
    return acts.file(
        actor=actor, tender=number, text=data["text"], request=data["request"], objection=int(first) if first else None,
        known=data.get("known"), industry=data.get("industry", ""), interest=data.get("interest", ""), **extra,
    )  # fmt: skip


def correct(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Correct it."""
    return acts.correct(actor=actor, tender=number, complaint=int(data["complaint"]), text=data["text"], **extra)


def withdraw(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Withdraw it."""
    return acts.withdraw(actor=actor, tender=number, complaint=int(data["complaint"]), **extra)


register(
    Screen(
        "complaint.file",
        perform,
        make_form=make_form,
        template="desks/tenderer/complaint_file.html",
        context=context,
        final=True,
    )
)
register(
    Screen(
        "complaint.correct",
        correct,
        make_form=complaint_forms.maker(CorrectionForm, complaint_forms.standing("returned"), own=True),
        template="desks/supervisor/complaint.html",
        context=complaint_forms.context,
        intro=Text("补正后，主管部门的受理期限重新计算。", "The department's time runs anew from the correction."),
    )
)
register(
    Screen(
        "complaint.withdraw",
        withdraw,
        make_form=complaint_forms.maker(
            complaint_forms.PlainComplaintForm, complaint_forms.standing("filed", "returned", "accepted"), own=True
        ),
        template="desks/supervisor/complaint.html",
        context=complaint_forms.context,
        intro=Text("撤回后主管部门终止处理；不得以同一事实和理由再次投诉。",
                   "The department ends its dealing with it; the same facts and reasons cannot be complained of again."),
    )
)  # fmt: skip
