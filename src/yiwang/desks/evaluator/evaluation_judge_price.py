"""Screen: find whether a tenderer has proven that it can perform at its low price."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks.fields import PickField, ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evaluations import price_acts, selectors
from yiwang.modules.evidence.actors import Actor
from yiwang.ui.forms import UiForm


class FindForm(UiForm, forms.Form):
    """Which bid, whether proven, why."""

    def __init__(self, *args: Any, actor: Actor, tender: Any) -> None:
        super().__init__(*args)
        named = {bid.chain: bid.party for bid in selectors.opened(tender)}
        waiting = [(each.bid, named.get(each.bid, each.bid)) for each in selectors.to_find(tender, actor)]
        self.fields = {
            "bid": PickField(label=Text("投标", "Bid"), choices=waiting, radio=True, initial=waiting[0][0] if len(waiting) == 1 else None),
            "proven": PickField(
                label=Text("认定", "Finding"),
                choices=[
                    ("yes", Text("能够证明报价合理", "the price is proven")),
                    ("no", Text("不能证明，应当否决", "not proven: the bid is to be rejected")),
                ],
                radio=True,
            ),
            "reason": ProseField(
                rows=4, most=price_acts.LONGEST, label=Text("理由和依据", "Reason and grounds"),
                help_text=Text("与同类项目、市场价格、行业成本比较", "compared with similar projects, the market, the cost of the trade"),
            ),
        }  # fmt: skip


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Find."""
    return price_acts.find(actor=actor, tender=number, bid=data["bid"], proven=data["proven"] == "yes", reason=data["reason"], **extra)


def make_form(*args: Any, actor: Actor, tender: Any) -> FindForm:
    """The form for a tender and member."""
    return FindForm(*args[:1], actor=actor, tender=tender)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """Grounds and explanations."""
    return {
        "reviews": selectors.price_reviews(request.actor, tender),  # type: ignore[attr-defined]
        "named": {bid.chain: bid.party for bid in selectors.opened(tender)},
    }


register(
    Screen(
        "evaluation.judge_price",
        perform,
        make_form=make_form,
        preview="desks/evaluator/price_reviews.html",
        context=context,
        intro=Text(
            "每位评委各自认定并写明理由；过半数认为不能证明的，该投标按无效处理，写入评标报告。",
            "Each member finds alone and says why; where more than half find the price not proven, the bid is rejected, and "
            "the report says so.",
        ),
    )
)
