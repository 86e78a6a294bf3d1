"""Screen: raise an objection (异议) or query (质疑): against what the tender's state and procedure allow."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks import remedy_words
from yiwang.desks.fields import LineField, PickField, ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor, has_role
from yiwang.modules.remedies import acts, rules, selectors
from yiwang.ui.forms import UiForm


class ObjectionForm(UiForm, forms.Form):
    """Facts and reasons."""

    text = ProseField(
        rows=9,
        most=10_000,
        label=Text("事实、理由和请求", "Facts, reasons and what you ask for"),
        help_text=Text("写明具体条款或事项，以及您的请求", "name the clause or event, and what should be done"),
    )


def make_form(*args: Any, actor: Actor, tender: Any) -> ObjectionForm:
    """The form; with a choice where several kinds are possible, and the interest where one who did not bid must say it."""
    form, kinds = ObjectionForm(*args), rules.kinds_now(tender)
    before: dict[str, forms.Field] = {}
    if len(kinds) > 1:
        choices = [(kind.key, kind.name) for kind in kinds]
        before["kind"] = PickField(label=Text("针对什么", "Against what"), choices=choices, radio=True, initial=kinds[0].key)
    form.fields = {**before, **form.fields}
    if any(kind.standing == "interested" for kind in kinds) and not has_role("bidder", actor, tender):
        form.fields["interest"] = LineField(
            label=Text("与本项目的利害关系", "In what way the tender concerns you"),
            required=False,
            help_text=Text("没有投标的单位必须填写，例如候选人的分包人", "needed of those who did not bid, e.g. a candidate's subcontractor"),
        )
    return form


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Raise it."""
    return acts.raise_objection(
        actor=actor, tender=number, text=data["text"], kind=data.get("kind", ""), interest=data.get("interest", ""), **extra
    )


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """Which kinds there are, their periods and articles, and the objections so far."""
    kinds = rules.kinds_now(tender)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return {
        "kinds": [
            {"name": kind.name, "article": kind.article, "until": rules.raise_until(tender, kind), "effect": _effect(kind)}
            for kind in kinds
        ],
        "secret": any(kind.secret for kind in kinds),
        "objections": [
            (each, remedy_words.kind_name(tender, each.kind), each.by if selectors.author_shown(actor, each) else None)
            for each in selectors.objections(actor, tender)
        ],
    }


def _effect(kind: Any) -> Text | None:
    if not kind.holds:
        return None
    if kind.holds == ("contract.sign",):
        return Text("答复之前不签订合同。", "No contract is signed until it is answered.")
    return Text("答复之前暂停招标投标活动。", "Trading pauses until it is answered.")


register(
    Screen(
        "objection.raise",
        perform,
        make_form=make_form,
        template="desks/tenderer/objection_raise.html",
        context=context,
        final=True,
    )
)
