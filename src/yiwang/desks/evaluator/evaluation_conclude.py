"""Screen: open all sheets together and make the evaluation report. The page shows the arithmetic first."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from yiwang.desks import tender_result
from yiwang.desks.screens import Screen, register
from yiwang.kernel import arithmetic
from yiwang.kernel.text import Text
from yiwang.modules.evaluations import acts
from yiwang.modules.evidence.actors import Actor


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Make it."""
    return acts.conclude(actor=actor, tender=number, **extra)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """The ranking with its arithmetic. Asked only when the act is possible, that is once all sheets are in."""
    lines, ranked = arithmetic.read(acts.report_content(tender), tender_result.bidders(tender))
    return {"lines": lines, "ranked": ranked}


register(
    Screen(
        "evaluation.conclude",
        perform,
        template="desks/evaluator/evaluation_conclude.html",
        intro=Text(
            "全部评分表已经到齐。按招标文件公布的办法计算，结果人人可以重算。",
            "All sheets are in. The published formula gives the result; anybody can recompute it.",
        ),
        context=context,
        final=True,
    )
)
