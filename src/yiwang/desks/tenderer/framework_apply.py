"""Screen: apply to join an open framework agreement."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import ProseField, YuanField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.negotiations import framework_acts
from yiwang.ui.forms import UiForm


class ApplyForm(UiForm, forms.Form):
    """Acceptance of the terms, and the price."""

    price = YuanField(label=Text("协议价格（元）", "Price of the agreement (yuan)"))
    statement = ProseField(
        rows=6, label=Text("接受协议条件的声明", "Acceptance of the terms"), help_text=Text("写明如何满足各项条件", "say how each term is met")
    )


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Apply."""
    return framework_acts.apply(actor=actor, tender=number, price=data["price"], statement=data["statement"], **extra)


register(
    Screen(
        "framework.apply",
        perform,
        form=ApplyForm,
        intro=Text(
            "公告有效期内随时可以申请；采购人七个工作日内审核，结果公告。",
            "You may apply at any time while the notice stands; it is reviewed within seven working days and the result announced.",
        ),
    )
)
