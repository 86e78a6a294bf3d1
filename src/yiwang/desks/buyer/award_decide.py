"""Decide the award among the publicised candidates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks import tender_result, wording
from yiwang.desks.fields import PickField, ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.errors import Refused
from yiwang.kernel.evaluation_facts import rank_words
from yiwang.kernel.money import yuan
from yiwang.kernel.text import Text
from yiwang.modules.awards import acts
from yiwang.modules.awards import selectors as awards
from yiwang.modules.evaluations import selectors as evaluations
from yiwang.modules.evidence.actors import Actor
from yiwang.ui.forms import UiForm


class DecisionForm(UiForm, forms.Form):
    """The winner; a reason when it is not the first."""

    reason = ProseField(
        label=Text("改选理由", "Why not the first candidate"),
        required=False,
        rows=4,
        help_text=Text(
            "选第一名以外的候选人时必填：第一名放弃中标、因不可抗力不能履约、未交履约保证金或被查实违法。",
            "Needed for any but the first: the first gave up, cannot perform by force majeure, gave no bond, or was found to break the law.",
        ),
    )


def make_form(*args: Any, actor: Actor, tender: Any) -> DecisionForm:
    """The form with the candidates."""
    form = DecisionForm(*args)
    choices = [(each["bid"], _line(each)) for each in awards.candidates(tender)]
    field = PickField(label=Text("中标人", "Winner"), choices=choices, radio=True, initial=_due(tender))
    form.fields = {"bid": field, **form.fields}
    return form


def _due(tender: Any) -> str | None:
    """The candidate that wins unless a reason of the law stands against it; None when all have won their most lots."""
    try:
        return str(awards.due(tender)["bid"])
    except Refused:
        return None


def _line(candidate: dict[str, Any]) -> Text:
    price = yuan(candidate["price"])
    return Text(
        f"{rank_words(candidate['rank']).zh}　{wording.candidate(candidate).zh}　{price} 元",
        f"{rank_words(candidate['rank']).en}: {wording.candidate(candidate).en}, {price} yuan",
    )


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Decide."""
    return acts.decide(actor=actor, tender=number, bid=data["bid"], reason=data["reason"], **extra)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """The report's ranking with its arithmetic."""
    report = evaluations.report(request.actor, tender)  # type: ignore[attr-defined]
    if report is None:
        return {}
    return {
        "passed_over": awards.passed_over(tender),
        "table": tender_result.ranking_table(report.content, tender),
        "lines": tender_result.arithmetic(report.content, tender),
    }


register(
    Screen(
        "award.decide",
        perform,
        make_form=make_form,
        preview="desks/buyer/ranking.html",
        context=context,
        intro=Text(
            "在评标报告推荐的候选人中确定中标人，应当是排名第一的。",
            "The winner is chosen among the candidates of the report; it is the first.",
        ),
        final=True,
    )
)
