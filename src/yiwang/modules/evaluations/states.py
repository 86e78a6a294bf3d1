"""Transitions of the evaluation."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.modules.evaluations import changes, prices, rules
from yiwang.modules.evaluations.models import PriceChange, PriceReview
from yiwang.modules.evidence.actors import Actor, Told, recipients_of, role_in_tenders
from yiwang.modules.evidence.registry import register

CORRECTED = ("政府采购货物和服务招标投标管理办法 第59条", "评标委员会和评标方法暂行规定 第19条")
"""How a price that contradicts itself is corrected, in either track."""

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
                "evaluation.correct_price",
                Text("提出报价修正", "propose to correct a price"),
                "evaluation",
                roles=("evaluator",),
                sources=("evaluating",),
                guards=(rules.declared, rules.no_report, changes.has_price),
                articles=CORRECTED,
                tells=("evaluator",),
            ),
            Transition(
                "evaluation.quantify",
                Text("提出偏差量化", "propose to price deviations"),
                "evaluation",
                roles=("evaluator",),
                sources=("evaluating",),
                guards=(rules.declared, rules.no_report, changes.publishes_standards),
                articles=("评标委员会和评标方法暂行规定 第26条", "评标委员会和评标方法暂行规定 第30条"),
                tells=("evaluator",),
            ),
            Transition(
                "evaluation.vote_price",
                Text("表决报价修正和偏差量化", "vote on a corrected price or priced deviations"),
                "evaluation",
                roles=("evaluator",),
                sources=("evaluating",),
                guards=(rules.declared, changes.has_to_vote),
                articles=(*CORRECTED, "评标委员会和评标方法暂行规定 第26条"),
                tells=("corrected",),
            ),
            Transition(
                "evaluation.confirm_price",
                Text("答复修正报价", "answer a corrected price"),
                "evaluation",
                roles=("corrected",),
                sources=("evaluating",),
                guards=(changes.is_to_confirm,),
                articles=CORRECTED,
                tells=("evaluator",),
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
                guards=(
                    rules.no_report,
                    rules.all_sheets_in,
                    rules.sheets_agree,
                    changes.all_settled,
                    prices.all_reviewed,
                ),
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


@role_in_tenders("corrected")
def _corrected(actor: Actor) -> Any:
    """A tenderer whose price the committee has corrected."""
    if actor.organisation is None:
        return None
    return PriceChange.objects.filter(tenderer=actor.organisation, kind="correction", until__isnull=False)


@recipients_of("corrected")
def _to_confirm(tender: Any) -> list[Told]:
    """Who is asked to confirm a corrected price and has not answered yet."""
    open_ = PriceChange.objects.filter(tender=tender, kind="correction", until__isnull=False, answered_at=None)
    return [(pk, None) for pk in open_.values_list("tenderer", flat=True)]
