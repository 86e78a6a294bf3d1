"""Rules of awards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, verdict
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.tenders.rules import period_over

publicity_over = period_over("candidate_publicity.end", "GC-13", "招标投标法实施条例 第54条")


def not_decided(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The award is decided once."""
    return verdict(not hasattr(tender, "award"), "award.decided", Text("已经定标", "the award is decided already"))


def decided(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """There is a decision to announce."""
    return verdict(
        hasattr(tender, "award"), "award.open", Text("招标人还没有定标", "the buyer has not decided the award yet"),
        article="招标投标法 第45条",
    )


def first_rank_wins(rank: int, funding: str, reason: str) -> Verdict:
    """With state funds the first candidate wins, unless a reason of 实施条例 第55条 stands against it."""
    if rank == 1 or reason.strip():
        return YES
    return verdict(
        False,
        "REG-55",
        Text("应确定排名第一的中标候选人为中标人；改选须写明法定理由", "the first candidate wins; another needs a reason that the law knows"),
        article="招标投标法实施条例 第55条",
        field="reason",
        passes=Text(
            "第一名放弃中标、因不可抗力不能履约、未交履约保证金或被查实违法",
            "the first gave up, cannot perform by force majeure, gave no bond, or was found to break the law",
        ),
    )
