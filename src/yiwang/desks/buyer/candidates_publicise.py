"""Publicise the candidates of the signed report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks import counts, tender_result
from yiwang.desks.fields import MomentField
from yiwang.desks.screens import Screen, register
from yiwang.kernel import moment
from yiwang.kernel.text import Text
from yiwang.modules.awards import acts
from yiwang.modules.evaluations import selectors as evaluations
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.tenders import rules
from yiwang.ui.forms import UiForm


class PublicityForm(UiForm, forms.Form):
    """Until when the candidates are public."""

    ends = MomentField(label=Text("公示截止时间", "Candidates are public until"))


def _proposal(tender: Any) -> counts.Proposal:
    label = Text("最早的公示截止时间", "Earliest end of the publicity")
    return counts.proposal(tender, rules.CANDIDATE_PUBLICITY, moment.now() + counts.SLACK, label, at=None)


def make_form(*args: Any, actor: Actor, tender: Any) -> PublicityForm:
    """The form, filled with the earliest lawful end, to the next full minute."""
    return PublicityForm(*args, initial={"ends": _proposal(tender).minute})


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Publicise."""
    return acts.publicise(actor=actor, tender=number, ends=data["ends"], **extra)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """The candidates of the report, and how the days are counted."""
    report = evaluations.report(request.actor, tender)  # type: ignore[attr-defined]
    table = tender_result.candidates_table(report.content["candidates"]) if report else None
    return {"table": table, "proposals": [_proposal(tender)]}


register(
    Screen(
        "candidates.publicise",
        perform,
        make_form=make_form,
        template="desks/buyer/candidates_publicise.html",
        preview="desks/table_alone.html",
        context=context,
        intro=Text(
            "评标报告的候选人及评标情况向社会公示，公示期内投标人可以提出异议。",
            "The candidates and the evaluation become public; tenderers may object in that time.",
        ),
    )
)
