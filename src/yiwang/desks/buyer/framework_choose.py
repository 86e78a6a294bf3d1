"""Screen: whom an order under a framework agreement goes to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks.fields import PickField, ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.negotiations import framework_acts, framework_rules, law
from yiwang.modules.negotiations import selectors as negotiations
from yiwang.modules.parties import selectors as parties
from yiwang.ui.forms import UiForm


class ChoiceForm(UiForm, forms.Form):
    """Nothing to choose: the manner decides."""


def _named(tender: Any) -> dict[str, str]:
    codes = negotiations.admitted(tender.stage_of) if tender.stage_of_id else []
    names = dict(parties.organisations().filter(uscc__in=codes).values_list("uscc", "name"))
    return {code: names.get(code, code) for code in codes}


def make_form(*args: Any, actor: Actor, tender: Any) -> ChoiceForm:
    """In direct selection the admitted to choose from, and the reason; else an empty form."""
    form = ChoiceForm(*args)
    if law.manner_of(tender) == "direct":
        choices = list(_named(tender).items())
        form.fields = {
            "supplier": PickField(label=Text("选定的供应商", "The supplier"), choices=choices, radio=True),
            "reason": ProseField(rows=4, label=Text("选定的理由", "Why this one")),
        }
    return form


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Decide it."""
    return framework_acts.choose(
        actor=actor, tender=number, supplier=data.get("supplier", ""), reason=data.get("reason", ""), **extra
    )


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """The list of the admitted, and whose turn it is."""
    named, manner = _named(tender), law.manner_of(tender)
    due = framework_rules.next_in_turn(list(named), framework_rules.turn_of(tender.stage_of)) if manner == "turn" and named else ""
    return {"manner": law.named("manners").get(manner), "listed": list(named.items()), "due": named.get(due, "")}


register(
    Screen(
        "framework.choose",
        perform,
        make_form=make_form,
        preview="desks/buyer/framework_choose.html",
        context=context,
        intro=Text(
            "二次竞价向全部入围供应商发出；顺序轮候由名单和序号推出；只有直接选定由采购人选择并写明理由。",
            "A second competition asks all who are admitted; a turn follows from the list; only in direct selection the "
            "purchaser chooses, with the reason.",
        ),
    )
)
