"""Screen: ask a tenderer, for the committee, to explain a price that looks abnormally low."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks.fields import PickField, ProseField, WholeField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.award_law import award_law
from yiwang.kernel.money import yuan
from yiwang.kernel.text import Text
from yiwang.modules.evaluations import price_acts, selectors
from yiwang.modules.evidence.actors import Actor
from yiwang.ui.forms import UiForm


class AskForm(UiForm, forms.Form):
    """Which bid, on what ground, for how long."""

    reason = ProseField(
        required=False,
        rows=3,
        most=price_acts.LONGEST,
        label=Text("启动审查的理由", "Why the price is reviewed"),
        help_text=Text(
            "触及公布标准的会自动写明；凭专业判断启动的必须写",
            "published thresholds are named by themselves; the committee's own judgement must be written",
        ),
    )

    def __init__(self, *args: Any, actor: Actor, tender: Any) -> None:
        super().__init__(*args)
        low, law = selectors.triggers(tender), award_law()
        asked = {each.bid for each in selectors.price_reviews(actor, tender)}
        waiting = [bid for bid in selectors.opened(tender) if bid.chain not in asked]
        bids = sorted(waiting, key=lambda bid: (bid.chain not in low, bid.price or 0))
        label = Text("说明时间（分钟）", "Time to explain (minutes)")
        minutes = WholeField(label=label, least=law.minutes, most=law.most_minutes, initial=law.minutes)
        choices = [(bid.chain, _line(bid, bid.chain in low)) for bid in bids]
        self.fields = {"bid": PickField(label=Text("投标", "Bid"), choices=choices, radio=True), **self.fields, "minutes": minutes}


def _line(bid: Any, low: bool) -> Text:
    zh, en = (f"{bid.party.zh}　{yuan(bid.price or 0)} 元", f"{bid.party.en}, {yuan(bid.price or 0)} yuan")
    return Text(f"{zh}　触及异常低价标准", f"{en}: under a published threshold") if low else Text(zh, en)


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Ask."""
    return price_acts.ask(actor=actor, tender=number, bid=data["bid"], reason=data["reason"], minutes=data["minutes"], **extra)


def make_form(*args: Any, actor: Actor, tender: Any) -> AskForm:
    """The form for a tender."""
    return AskForm(*args[:1], actor=actor, tender=tender)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """What was asked so far."""
    return {"reviews": selectors.price_reviews(request.actor, tender), "named": _named(tender)}  # type: ignore[attr-defined]


def _named(tender: Any) -> dict[str, Text]:
    return {bid.chain: bid.party for bid in selectors.opened(tender)}


register(
    Screen(
        "evaluation.ask_price",
        perform,
        make_form=make_form,
        preview="desks/evaluator/price_reviews.html",
        context=context,
        intro=Text(
            "供应商有合理时间说明成本并提供证明；不能证明的，过半数评委认定后否决。没有依法审查的，评委承担责任。",
            "The tenderer has reasonable time to explain its costs and prove them; where it does not, the bid is rejected by "
            "more than half. Members answer for a review left out.",
        ),
    )
)
