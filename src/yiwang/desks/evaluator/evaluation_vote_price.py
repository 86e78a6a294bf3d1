"""Screen: vote on a proposal to correct a price or to price deviations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks import price_changes_shown as shown
from yiwang.desks.fields import PickField, ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evaluations import change_acts, price_acts, selectors
from yiwang.modules.evidence.actors import Actor
from yiwang.ui.forms import UiForm


class VoteForm(UiForm, forms.Form):
    """Which proposal, for or against, and why."""

    def __init__(self, *args: Any, actor: Actor, tender: Any) -> None:
        super().__init__(*args)
        waiting = {change_acts.number_of(each) for each in selectors.to_vote(tender, actor)}
        choices = [(str(each.number), each.choice) for each in shown.shown(actor, tender) if each.number in waiting]
        first = choices[0][0] if len(choices) == 1 else None
        self.fields = {
            "change": PickField(label=Text("提议", "Proposal"), radio=True, choices=choices, initial=first),
            "agree": PickField(
                label=Text("表决", "Your vote"),
                choices=[("yes", Text("同意", "for it")), ("no", Text("不同意", "against it"))],
                radio=True,
            ),
            "reason": ProseField(
                required=False, rows=3, most=price_acts.LONGEST, label=Text("理由", "Reason"),
                help_text=Text("不同意的必须写明理由", "needed where you are against it"),
            ),
        }  # fmt: skip


def make_form(*args: Any, actor: Actor, tender: Any) -> VoteForm:
    """The form for a tender and member."""
    return VoteForm(*args[:1], actor=actor, tender=tender)


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Vote."""
    given = {"change": int(data["change"]), "agree": data["agree"] == "yes", "reason": data["reason"]}
    return change_acts.vote(actor=actor, tender=number, **given, **extra)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """The proposals with their arithmetic."""
    return {"changes": shown.shown(request.actor, tender)}  # type: ignore[attr-defined]


register(
    Screen(
        "evaluation.vote_price",
        perform,
        make_form=make_form,
        preview="desks/evaluator/price_changes.html",
        context=context,
        intro=Text(
            "对照投标文件核对数字和算式后表决。过半数同意的采用；报价修正还要投标人书面确认。",
            "Check figures and arithmetic against the bid, then vote. What more than half agree to counts; a corrected price must "
            "also be confirmed in writing by the tenderer.",
        ),
    )
)
