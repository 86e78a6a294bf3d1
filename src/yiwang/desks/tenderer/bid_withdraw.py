"""Screen: withdraw the own bid before the deadline."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks.fields import PickField
from yiwang.desks.screens import Screen, register
from yiwang.desks.tenderer import own_bids
from yiwang.kernel.text import Text
from yiwang.modules.bids import acts, selectors
from yiwang.modules.evidence.actors import Actor
from yiwang.ui.forms import UiForm


class WithdrawForm(UiForm, forms.Form):
    """Which bid; the only one that stands when there is just one."""

    lot = PickField(choices=(), label=Text("标段", "Lot"))

    def __init__(self, *args: Any, actor: Actor, tender: Any) -> None:
        super().__init__(*args)
        standing = [bid for bid in selectors.own(actor, tender) if bid.standing in ("submitted", "committed")]
        lots = list(dict.fromkeys((bid.lot.number, f"{bid.lot.number} {bid.lot.title}") for bid in standing))
        self.fields["lot"].choices = lots  # type: ignore[attr-defined]
        if len(lots) == 1:
            self.fields["lot"].widget = forms.HiddenInput()
            self.fields["lot"].initial = lots[0][0]


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Withdraw it."""
    return acts.withdraw(actor=actor, tender=number, lot=data["lot"], **extra)


def make_form(*args: Any, actor: Actor, tender: Any) -> WithdrawForm:
    """The form for a tender."""
    return WithdrawForm(*args, actor=actor, tender=tender)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """The own bids."""
    return {"own_bids": own_bids.table(request, tender)}


register(
    Screen(
        "bid.withdraw",
        perform,
        make_form=make_form,
        template="desks/tenderer/bid_withdraw.html",
        intro=Text(
            "撤回后您在该标段的密封文件都不会被打开，已登记还没有传完的也一样；截止前可以重新投标。",
            "After the withdrawal none of your sealed files for the lot is opened, nor one that is still on its way; until "
            "the deadline you may bid again.",
        ),
        context=context,
        final=True,
    )
)
