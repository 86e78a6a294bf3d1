"""Screen: the group ends the talks."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import ProseField, WholeField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.negotiations import acts, law
from yiwang.ui.forms import UiForm


class CloseForm(UiForm, forms.Form):
    """The final requirements."""

    requirements = ProseField(
        rows=6,
        required=False,
        label=Text("最终的采购需求", "The requirements as they are now"),
        help_text=Text("没有变化的可以留空", "leave it empty where nothing changed"),
    )


def make_form(*args: Any, actor: Actor, tender: Any) -> CloseForm:
    """The form with the bounds of the law."""
    form, rule = CloseForm(*args), law.book()["quote"]
    hours = WholeField(
        least=rule["hours_least"], most=rule["hours_most"], initial=24,
        label=Text("提交最后报价的时间（小时）", "Hours for the final quote"),
    )  # fmt: skip
    form.fields = {"quote_hours": hours, **form.fields}
    return form


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """End them."""
    return acts.close(
        actor=actor, tender=number, quote_hours=data["quote_hours"], requirements=data["requirements"], **extra
    )


register(
    Screen(
        "negotiation.close",
        perform,
        make_form=make_form,
        intro=Text(
            "之后小组逐一审查响应文件是否符合需求并签署谈判记录；符合的供应商全部提交最后报价。",
            "The group then judges each response and signs the record; all who meet the needs are asked for a final quote.",
        ),
        final=True,
    )
)
