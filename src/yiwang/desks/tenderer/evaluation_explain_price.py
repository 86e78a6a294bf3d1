"""Screen: a tenderer explains a price that the committee finds abnormally low."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks.fields import ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evaluations import price_acts, selectors
from yiwang.modules.evidence.actors import Actor
from yiwang.ui.forms import UiForm


class ExplainForm(UiForm, forms.Form):
    """The explanation."""

    explanation = ProseField(
        rows=8,
        most=price_acts.LONGEST,
        label=Text("报价说明", "Explanation"),
        help_text=Text(
            "成本测算、工艺、货源、同类合同等；只有评标委员会看得到",
            "costs, methods, sources, contracts of the same kind; read by the committee alone",
        ),
    )


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Explain."""
    return price_acts.explain(actor=actor, tender=number, explanation=data["explanation"], **extra)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """What was asked."""
    reviews = selectors.price_reviews(request.actor, tender)  # type: ignore[attr-defined]
    return {"reviews": reviews, "named": {each.bid: each.tenderer.name for each in reviews}}


register(
    Screen(
        "evaluation.explain_price",
        perform,
        form=ExplainForm,
        preview="desks/evaluator/price_reviews.html",
        context=context,
        intro=Text(
            "评标委员会认为贵单位的报价异常低，请在规定时间内说明并证明能够履约。不说明或者不能证明的，投标将被否决。",
            "The committee holds your price to be abnormally low. Explain in time and prove that you can perform; else the bid is rejected.",
        ),
    )
)
