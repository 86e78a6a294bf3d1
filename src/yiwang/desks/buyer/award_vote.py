"""Screen: a member of the award committee votes in the running round."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks import tender_result
from yiwang.desks.fields import PickField, ProseField
from yiwang.desks.screens import Screen, Statement, register
from yiwang.kernel.money import yuan
from yiwang.kernel.text import Text
from yiwang.modules.evaluations import selectors, separate_acts
from yiwang.modules.evidence.actors import Actor
from yiwang.ui.forms import UiForm


class BallotForm(UiForm, forms.Form):
    """The choice, or each place of the order, and why."""

    def __init__(self, *args: Any, actor: Actor, tender: Any) -> None:
        super().__init__(*args)
        vote = selectors.award_vote(actor, tender) or {}
        standing = vote["outcome"].again if vote else ()
        prices = {each["bid"]: each["price"] for each in tender.report.content["candidates"]}
        names = {bid.chain: bid.party for bid in selectors.opened(tender)}
        choices = [(bid, _line(names[bid], prices[bid])) for bid in standing]
        ranking = bool(vote) and vote["vote"].rule["method"] == "ranking"
        places = range(1, len(choices) + 1) if ranking else (1,)
        for place in places:
            label = Text(f"第 {place} 位", f"Place {place}") if ranking else Text("投票给", "Your vote")
            self.fields[f"choice-{place}"] = PickField(label=label, choices=choices, radio=True)
        self.fields["reason"] = ProseField(rows=4, most=2000, label=Text("投票理由", "Reason"))

    def clean(self) -> dict[str, Any]:
        """The ballot as the act takes it."""
        data = super().clean() or self.cleaned_data
        data["choice"] = [data[name] for name in self.fields if name.startswith("choice-") and data.get(name)]
        return data


def _line(name: Text, price: int | None) -> Text:
    return Text(f"{name.zh}　{yuan(price or 0)} 元", f"{name.en}, {yuan(price or 0)} yuan")


def make_form(*args: Any, actor: Actor, tender: Any) -> BallotForm:
    """The form for a tender."""
    return BallotForm(*args[:1], actor=actor, tender=tender)


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Vote."""
    return separate_acts.vote(actor=actor, tender=number, choice=data["choice"], reason=data["reason"], **extra)


def statement(actor: Actor, tender: Any, data: dict[str, Any]) -> Statement:
    """What is signed: round, choice and reason."""
    vote = selectors.award_vote(actor, tender) or {}
    return "award-ballot", separate_acts.ballot_statement(tender.number, vote["running"], data["choice"], data["reason"])


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """The candidates, unranked, with what the evaluation committee says of each."""
    content = tender.report.content
    return {"table": tender_result.candidates_table(content["candidates"]), "opinions": tender_result.opinions(content)}


register(
    Screen(
        "award.vote",
        perform,
        make_form=make_form,
        statement=statement,
        preview="desks/buyer/opinions.html",
        context=context,
        intro=Text(
            "记名投票，写明理由并签名；投出后不能更改。负责人最后投票。全部选票随定标公开。",
            "An open ballot with its reason, signed; it cannot be changed. The head votes last. All ballots are public with the award.",
        ),
        final=True,
    )
)
