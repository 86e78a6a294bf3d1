"""Screen: take an own objection or query back before it is answered."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks import remedy_words
from yiwang.desks.fields import PickField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.remedies import acts
from yiwang.modules.remedies import selectors as remedies
from yiwang.ui.formats import when_text
from yiwang.ui.forms import UiForm


class WithdrawalForm(UiForm, forms.Form):
    """Which one."""


def make_form(*args: Any, actor: Actor, tender: Any) -> WithdrawalForm:
    """The form with the actor's objections that wait for their answer."""
    form = WithdrawalForm(*args)
    choices = [(str(each.pk), _line(tender, each)) for each in remedies.own_objections(actor, tender) if each.waits]
    first = choices[0][0] if choices else None
    form.fields = {"objection": PickField(label=Text("撤回哪一项", "Which one"), choices=choices, radio=True, initial=first)}
    return form


def _line(tender: Any, item: Any) -> Text:
    name, at = remedy_words.kind_name(tender, item.kind), when_text(item.raised_at)
    return Text(f"{name.zh}（{at}）：{item.text}", f"{name.en} ({at}): {item.text}")


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Withdraw it."""
    return acts.withdraw_objection(actor=actor, tender=number, objection=int(data["objection"]), **extra)


register(
    Screen(
        "objection.withdraw",
        perform,
        make_form=make_form,
        intro=Text("撤回后不再答复，也不能再就同一事项投诉。", "It will not be answered then, and cannot be complained of any more."),
    )
)
