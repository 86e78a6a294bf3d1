"""Transitions of the evaluation."""

from __future__ import annotations

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.modules.evaluations import rules
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
                "evaluation.conclude",
                Text("汇总形成评标报告", "make the evaluation report"),
                "evaluation",
                roles=("evaluator",),
                sources=("evaluating",),
                guards=(rules.no_report, rules.all_sheets_in),
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
