"""Screen: an evaluator declares to have no conflict of interest, knowing who bids."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse

from yiwang.desks.screens import Screen, Statement, register
from yiwang.kernel.text import Text
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evaluations import acts
from yiwang.modules.evidence.actors import Actor
from yiwang.ui.forms import UiForm

GROUNDS = (
    ("relative", Text("我不是投标人或其主要负责人的近亲属", "I am no close relative of a tenderer or of those who lead one")),
    ("authority", Text("我不是项目主管部门或行政监督部门的人员", "I do not belong to the authority in charge or to the supervisor")),
    ("interest", Text("我与投标人没有经济利益关系或其他可能影响公正评审的关系",
                      "I have no economic or other relation with a tenderer that could affect a fair evaluation")),
    ("punished", Text("我没有因招标、评标中的违法行为受过行政处罚或刑事处罚",
                      "I was not punished for wrongdoing in tendering or evaluation")),
)  # fmt: skip
"""评标委员会和评标方法暂行规定 第12条."""


class DeclareForm(UiForm, forms.Form):
    """Each ground for recusal, ticked one by one."""

    relative, authority, interest, punished = (forms.BooleanField(label=words) for _, words in GROUNDS)


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Declare it."""
    return acts.declare(actor=actor, tender=number, **extra)


def statement(actor: Actor, tender: Any, data: dict[str, Any]) -> Statement:
    """What is signed."""
    return "no-conflict", {"tender": tender.number}


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """Who takes part: one cannot declare towards people whose names one does not know."""
    return {
        "tenderers": [bid.party for bid in bids.opened(tender)],
        "decline_url": reverse("desk:act", args=[tender.number, "draw.decline"]),
    }


register(
    Screen(
        "evaluation.declare",
        perform,
        form=DeclareForm,
        statement=statement,
        template="desks/evaluator/evaluation_declare.html",
        intro=Text(
            "签署之后才能查看投标文件和评分。有应当回避的情形，请不要签署，选择回避。",
            "Only after this do you see the bids and score them. If any of this does not hold, step aside instead.",
        ),
        context=context,
    )
)
