"""Transitions of the evaluation."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.modules.evaluations import prices, rules
from yiwang.modules.evaluations.models import PriceReview
from yiwang.modules.evidence.actors import Actor, Told, recipients_of, role_in_tenders
from yiwang.modules.evidence.registry import register

EVALUATION = register(
    Table(
        "evaluation",
        (),
        (
            Transition(
                "evaluation.declare",
                Text("签署回避声明", "declare no conflict of interest"),
                "evaluation",
                roles=("evaluator",),
                sources=("evaluating",),
                guards=(rules.not_declared,),
                articles=("招标投标法 第37条",),
            ),
            Transition(
                "evaluation.submit_sheet",
                Text("签署并提交评分表", "sign and hand in the score sheet"),
                "evaluation",
                roles=("evaluator",),
                sources=("evaluating",),
                guards=(rules.declared, rules.sheet_missing),
                articles=("招标投标法 第40条", "招标投标法实施条例 第49条"),
            ),
            Transition(
                "evaluation.correct_sheet",
                Text("更正客观项评分", "correct objective scores"),
                "evaluation",
                roles=("evaluator",),
                sources=("evaluating",),
                guards=(rules.own_sheet_differs,),
                articles=(rules.OBJECTIVE,),
            ),
            Transition(
                "evaluation.ask_price",
                Text("要求说明异常低价", "ask to explain a low price"),
                "evaluation",
                roles=("evaluator",),
                sources=("evaluating",),
                guards=(rules.declared, prices.may_ask),
                articles=(prices.ARTICLE, "招标投标法实施条例 第51条"),
                tells=("asked", "evaluator"),
            ),
            Transition(
                "evaluation.explain_price",
                Text("说明报价的合理性", "explain the price"),
                "evaluation",
                roles=("asked",),
                sources=("evaluating",),
                guards=(prices.is_asked,),
                articles=(prices.ARTICLE,),
                tells=("evaluator",),
            ),
            Transition(
                "evaluation.judge_price",
                Text("认定异常低价", "find on a low price"),
                "evaluation",
                roles=("evaluator",),
                sources=("evaluating",),
                guards=(prices.has_to_find,),
                articles=(prices.ARTICLE, "招标投标法实施条例 第51条"),
            ),
            Transition(
                "evaluation.conclude",
                Text("汇总形成评标报告", "make the evaluation report"),
                "evaluation",
                roles=("evaluator",),
                sources=("evaluating",),
                guards=(rules.no_report, rules.all_sheets_in, rules.sheets_agree, prices.all_reviewed),
                articles=("招标投标法 第40条", "招标投标法实施条例 第53条"),
                tells=("evaluator",),
            ),
            Transition(
                "evaluation.sign_report",
                Text("签署评标报告", "sign the evaluation report"),
                "evaluation",
                roles=("evaluator",),
                sources=("evaluating",),
                target="evaluated",
                guards=(rules.report_made, rules.report_unsigned),
                articles=("招标投标法实施条例 第53条",),
                tells=("buyer", "agency", "supervisor"),
            ),
        ),
    )
)


@role_in_tenders("asked")
def _asked(actor: Actor) -> Any:
    """A tenderer whose price is under review."""
    return PriceReview.objects.filter(tenderer=actor.organisation) if actor.organisation is not None else None


@recipients_of("asked")
def _to_explain(tender: Any) -> list[Told]:
    """Who was asked and has not explained yet."""
    open_ = PriceReview.objects.filter(tender=tender, explained_at=None)
    return [(pk, None) for pk in open_.values_list("tenderer", flat=True)]
