"""Screen: a tenderer confirms its corrected price, or refuses; signed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks import price_changes_shown as shown
from yiwang.desks.fields import PickField
from yiwang.desks.screens import Screen, Statement, register
from yiwang.kernel.text import Text
from yiwang.modules.evaluations import change_acts, selectors
from yiwang.modules.evidence.actors import Actor
from yiwang.ui.forms import UiForm


class ConfirmForm(UiForm, forms.Form):
    """Confirmed or refused."""

    answer = PickField(
        label=Text("答复", "Your answer"),
        choices=[
            ("yes", Text("确认修正后的报价，并受其约束", "we confirm the corrected price and are bound by it")),
            ("no", Text("不确认（投标无效）", "we do not confirm it (the bid is then invalid)")),
        ],
        radio=True,
    )


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Answer."""
    return change_acts.confirm(actor=actor, tender=number, confirmed=data["answer"] == "yes", **extra)


def statement(actor: Actor, tender: Any, data: dict[str, Any]) -> Statement:
    """What is signed: both prices, the answer, the digest of rules and figures."""
    change = selectors.to_confirm(tender, actor)
    assert change is not None  # the guard found it
    return "price-correction", change_acts.confirmation_statement(tender, change, confirmed=data["answer"] == "yes")


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """The correction with its arithmetic."""
    return {"changes": [each for each in shown.shown(request.actor, tender) if each.until]}  # type: ignore[attr-defined]


register(
    Screen(
        "evaluation.confirm_price",
        perform,
        form=ConfirmForm,
        statement=statement,
        preview="desks/evaluator/price_changes.html",
        context=context,
        intro=Text(
            "评标委员会依法修正了贵单位报价中的算术差错。请在规定时间内书面确认；不确认或者逾期不答复的，投标无效。",
            "The committee has corrected arithmetic faults in your price as the law lays down. Confirm in writing in time; a bid whose "
            "corrected price is refused or left unanswered is invalid.",
        ),
    )
)
