"""Rules of awards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from yiwang.kernel import lots
from yiwang.kernel.procedures import Procedure
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, no, verdict
from yiwang.modules.evidence import course, registry
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.tenders.rules import period_over

_publicity_over = period_over("candidate_publicity.end", "GC-13", "招标投标法实施条例 第54条")


def has_publicity(tender: Any) -> bool:
    """Whether candidates are publicised before the award: the procedure says so."""
    found = course.course_of(tender)
    return found is None or "candidates.publicise" in found.bounds


def publicity_over(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The publicity of candidates is over, where the procedure has one."""
    return _publicity_over(tender, actor, now) if has_publicity(tender) else YES


def not_decided(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The award is decided once."""
    return verdict(not hasattr(tender, "award"), "award.decided", Text("已经定标", "the award is decided already"))


@registry.condition("tender.terminate")
def award_is_open(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """A tender is ended before the award, not after it."""
    return verdict(
        not hasattr(tender, "award"),
        "award.decided",
        Text("已经定标，不能再终止", "the award is decided; the tender cannot be ended any more"),
        article="招标投标法实施条例 第31条",
        passes=Text("签发中标通知书、订立合同", "send the notice and make the contract"),
    )


def decided(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """There is a decision to announce."""
    return verdict(
        hasattr(tender, "award"), "award.open", Text("招标人还没有定标", "the buyer has not decided the award yet"),
        article="招标投标法 第45条",
    )


_REASONS = {
    "construction": ("REG-55", "招标投标法实施条例 第55条", Text(
        "第一名放弃中标、因不可抗力不能履约、未交履约保证金或被查实违法",
        "the first gave up, cannot perform by force majeure, gave no bond, or was found to break the law")),
    "gov_procurement": ("GPR-43", "政府采购法实施条例 第43条", Text(
        "按推荐顺序确定；排名在前的供应商拒绝签订合同或者被查实违法的，写明事实",
        "in the order of the report; another only where the one before refuses the contract or was found to break the law")),
}  # fmt: skip


def order_kept(law: Procedure, candidate: dict[str, Any], due: Mapping[str, Any] | None, reason: str) -> Verdict:
    """The first candidate that is not passed over wins, unless a reason that the law knows stands against it.

    Args:
        due: that candidate. reason: why another than it wins; where award and evaluation are separate (评定分离) why this
            one wins, always.
    """
    if reason.strip() or (law.award != "separate" and due is not None and candidate["bid"] == due["bid"]):
        return YES
    if law.award == "separate":
        return no(
            "award.reason",
            Text("评定分离的项目定标须写明理由", "where award and evaluation are separate, the award needs a reason"),
            article="招标投标法 第45条",
            field="reason",
            passes=Text("按定标规则选择该候选人的理由", "why the rules of the award lead to this candidate"),
        )
    code, article, passes = _REASONS[law.track]
    return no(
        code,
        Text("应确定排名第一的候选人为中标人；改选须写明法定理由", "the first candidate wins; another needs a reason that the law knows"),
        article=article,
        field="reason",
        passes=passes,
    )


def not_passed_over(candidate: dict[str, Any], over: Sequence[dict[str, Any]], most: int | None) -> Verdict:
    """Nobody wins more lots of a project than its notice says (兼投不兼中)."""
    row = next((each for each in over if each["bid"] == candidate["bid"]), None)
    if row is None:
        return YES
    names = "、".join(row["lots"])
    return no(
        "lots.most",
        Text(
            f"{candidate['name']} 已中标 {names}，本项目一个投标人最多中标 {most} 个标段",
            f"{candidate['name']} has won {names}; one tenderer may win {most} of this project's lots",
        ),
        article=lots.ARTICLE,
        field="bid",
        passes=Text("由名次在后、未中满的候选人递补", "the next candidate that has not won its most"),
    )


def somebody_left(candidates: Sequence[dict[str, Any]], over: Sequence[dict[str, Any]]) -> Verdict:
    """Some candidate is not passed over."""
    return verdict(
        len(over) < len(candidates),
        "lots.nobody",
        Text("本标段的候选人都已中满标段，没有可以中标的人", "all candidates of this lot have won their most: nobody is left"),
        article=lots.ARTICLE,
        passes=Text("终止本标段后重新招标", "end this lot and hold it again"),
    )
