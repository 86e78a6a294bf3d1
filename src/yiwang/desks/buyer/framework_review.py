"""Screen: review an application to join an open framework agreement."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import PickField, ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.money import yuan
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.negotiations import framework_acts
from yiwang.modules.negotiations import selectors as negotiations
from yiwang.ui.forms import UiForm


class ReviewForm(UiForm, forms.Form):
    """Whether the supplier is in, and why not."""

    admitted = PickField(
        label=Text("审核结果", "Result"), radio=True,
        choices=[("yes", Text("接受条件，入围", "accepts and meets the terms: in")), ("no", Text("不予入围", "refused"))],
    )  # fmt: skip
    reason = ProseField(rows=4, required=False, label=Text("不予入围的理由", "Why it is refused"))


def make_form(*args: Any, actor: Actor, tender: Any) -> ReviewForm:
    """The form with the applications that wait, the oldest first."""
    form = ReviewForm(*args)
    waiting = [(str(each.pk), _line(each)) for each in negotiations.applications(actor, tender) if each.admitted is None]
    field = PickField(label=Text("申请", "Application"), choices=waiting, radio=True, initial=waiting[0][0] if waiting else None)
    form.fields = {"application": field, **form.fields}
    return form


def _line(item: Any) -> Text:
    price = yuan(item.price)
    return Text(f"{item.supplier.name}，{price} 元：{item.statement}", f"{item.supplier.name}, {price} yuan: {item.statement}")


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Review it."""
    return framework_acts.review(
        actor=actor, tender=number, application=int(data["application"]), admitted=data["admitted"] == "yes",
        reason=data["reason"], **extra,
    )  # fmt: skip


register(
    Screen(
        "framework.review",
        perform,
        make_form=make_form,
        intro=Text(
            "收到申请后七个工作日内审核；接受协议条件并符合要求的都应当入围，结果立即公告。",
            "Within seven working days; whoever accepts and meets the terms is in; the result is announced at once.",
        ),
    )
)
