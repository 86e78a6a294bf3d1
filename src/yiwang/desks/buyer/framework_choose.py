"""Screen: whom an order under a framework agreement goes to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks.fields import PickField, ProseField, WholeField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.negotiations import framework_acts, framework_rules, law
from yiwang.modules.negotiations import selectors as negotiations
from yiwang.modules.parties import selectors as parties
from yiwang.ui.forms import UiForm


class ChoiceForm(UiForm, forms.Form):
    """How much is ordered; whom it goes to the manner decides."""

    quantity = WholeField(
        label=Text("订单数量", "Units ordered"),
        help_text=Text("协议价格为单价的填写数量，为总价的填 1；报价不得高于本单位的协议价格乘以数量。",
                       "How many, where the agreement's price is that of a unit; else 1. No quote may lie above the own price times this."),
        least=1, most=1_000_000_000, initial=1,
    )  # fmt: skip


def _named(tender: Any) -> dict[str, str]:
    codes = negotiations.admitted(tender.stage_of) if tender.stage_of_id else []
    names = dict(parties.organisations().filter(uscc__in=codes).values_list("uscc", "name"))
    return {code: names.get(code, code) for code in codes}


def make_form(*args: Any, actor: Actor, tender: Any) -> ChoiceForm:
    """The quantity; in direct selection also the admitted to choose from, and the reason."""
    form = ChoiceForm(*args)
    if law.manner_of(tender) == "direct":
        choices = list(_named(tender).items())
        form.fields = {
            "supplier": PickField(label=Text("选定的供应商", "The supplier"), choices=choices, radio=True),
            "reason": ProseField(rows=4, label=Text("选定的理由", "Why this one")),
            **form.fields,
        }
    return form


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Decide it."""
    return framework_acts.choose(
        actor=actor, tender=number, supplier=data.get("supplier", ""), reason=data.get("reason", ""), quantity=data["quantity"], **extra
    )


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """The list of the admitted, and whose turn it is."""
    named, manner = _named(tender), law.manner_of(tender)
    due = framework_rules.next_in_turn(list(named), framework_rules.turn_of(tender.stage_of)) if manner == "turn" and named else ""
    prices = framework_rules.prices(tender.stage_of) if tender.stage_of_id else {}
    listed = [(code, name, prices.get(code)) for code, name in named.items()]
    return {"manner": law.named("manners").get(manner), "listed": listed, "due": named.get(due, "")}


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
