"""Screen: sign the evaluation report, with a dissent if there is one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks import tender_result
from yiwang.desks.fields import ProseField
from yiwang.desks.screens import Screen, Statement, register
from yiwang.kernel import arithmetic
from yiwang.kernel.text import Text
from yiwang.modules.evaluations import acts, selectors
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.experts import selectors as experts
from yiwang.ui.forms import UiForm


class ReportForm(UiForm, forms.Form):
    """The dissent, mostly empty."""

    dissent = ProseField(
        required=False,
        rows=4,
        most=5000,
        label=Text("不同意见", "Dissent"),
        help_text=Text("对结论有不同意见的，写明意见和理由，随报告公开；没有就留空",
                       "if you disagree, say what and why; it is public with the report; else leave it empty"),
    )  # fmt: skip


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Sign it."""
    return acts.sign_report(actor=actor, tender=number, dissent=data["dissent"], **extra)


def statement(actor: Actor, tender: Any, data: dict[str, Any]) -> Statement:
    """What is signed: the report by its hash, and the dissent."""
    return "evaluation-report", acts.report_statement(tender.number, tender.report.sha256, data["dissent"])


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """The report, its arithmetic, and who has signed, by seat."""
    report = selectors.report(request.actor, tender)  # type: ignore[attr-defined]
    if report is None:
        return {}
    lines, ranked = arithmetic.read(report.content, tender_result.bidders(tender))
    signed = {each.seat_id: bool(each.dissent) for each in report.signatures.all()}
    return {
        "report": report,
        "lines": lines,
        "ranked": ranked,
        "signatures": [(seat.number, seat.pk in signed, signed.get(seat.pk)) for seat in experts.committee(tender)],
    }


register(
    Screen(
        "evaluation.sign_report",
        perform,
        form=ReportForm,
        statement=statement,
        template="desks/evaluator/evaluation_sign_report.html",
        intro=Text(
            "签字表示认可这份报告。拒绝签字又不说明理由的，视为同意。最后一位签字后评标结束。",
            "Your signature stands for this report. Who neither signs nor says why counts as agreeing. The last "
            "signature ends the evaluation.",
        ),
        context=context,
    )
)
