"""Screen: the result of a procurement without a group: single source, or an order under a framework agreement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks.fields import LineField, ProseField, YuanField
from yiwang.desks.screens import Screen, register
from yiwang.desks.tender_parts import bids_table
from yiwang.kernel.text import Text
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.negotiations import acts, law
from yiwang.ui.forms import UiForm


class SettleForm(UiForm, forms.Form):
    """Nothing to fill in for an order: the quotes decide."""


class SourceForm(UiForm, forms.Form):
    """The record of a negotiation with the single source."""

    record = ProseField(rows=8, label=Text("协商情况记录", "Record of the negotiation"))
    negotiators = LineField(
        label=Text("参加协商的人员", "Who negotiated"),
        help_text=Text("有相关经验的人员，用顿号或逗号分开", "people with experience, separated by commas"),
    )
    agreed = YuanField(label=Text("商定的成交价（元）", "Agreed price (yuan)"))


def make_form(*args: Any, actor: Actor, tender: Any) -> forms.Form:
    """The form that the procedure needs."""
    if not law.knows(tender, "source.publicise"):
        return SettleForm(*args)
    quote = next((bid.price for bid in bids.opened(tender) if bid.standing == "opened"), None)
    return SourceForm(*args, initial={"agreed": quote})


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """What this procedure asks for, and the quotes."""
    source = law.knows(tender, "source.publicise")
    return {"lead": SOURCE if source else ORDER, "table": bids_table(tender)}


SOURCE = Text(
    "写明协商的经过和商定的价格，商定的价格不得高于报价。结果由采购人确定。",
    "Record the negotiation and the agreed price, which may not be above the quote. The purchaser then decides.",
)
ORDER = Text(
    "订单由报价最低的供应商取得，按下表排序，不需要填写。结果由采购人确定。",
    "The lowest quote gets the order, as ranked below; there is nothing to fill in. The purchaser then decides.",
)


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Settle it."""
    names = data.get("negotiators", "").replace("、", ",").replace("，", ",").split(",")
    return acts.settle(
        actor=actor, tender=number, record=data.get("record", ""), agreed=data.get("agreed"), negotiators=names, **extra
    )


register(
    Screen(
        "negotiation.settle",
        perform,
        make_form=make_form,
        preview="desks/table_alone.html",
        context=context,
        final=True,
    )
)
