"""While a tender stands still, what goes on must wait."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from yiwang.kernel import moment, suspension
from yiwang.kernel.procedures import ACTS
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, no, verdict
from yiwang.modules.evidence import registry
from yiwang.modules.evidence.actors import Actor, has_role
from yiwang.modules.tenders import rules

OPEN_END = datetime(9999, 1, 1, tzinfo=UTC)
"""Until when a tender stands still whose suspension has no known end."""


def stands_still(tender: Any, now: datetime) -> bool:
    """Whether the tender is suspended at this moment."""
    until = getattr(tender, "still_until", None)
    return until is not None and now < until


@registry.condition(*(act for act in ACTS if suspension.goes_on(act)))
def not_suspended(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """What goes on waits while the tender stands still."""
    if not stands_still(tender, now):
        return YES
    last = tender.still_until
    ends = last if last < OPEN_END else None
    shown = ends.astimezone(moment.LOCAL).strftime("%Y-%m-%d %H:%M") if ends else ""
    return no(
        "suspended",
        Text(f"招标活动已暂停{f'，到 {shown} 为止' if shown else ''}", f"the tender is suspended{f' until {shown}' if shown else ''}"),
        article="招标投标法实施条例 第62条；政府采购法 第57条",
        passes=Text("恢复以后办理", "once it goes on"),
        after=ends,
    )


def is_suspended(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """There is something to resume."""
    return verdict(stands_still(tender, now), "suspension.none", Text("没有暂停", "nothing is suspended"))


def is_own_to_lift(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """One of the open suspensions is the actor's to lift: who ordered it lifts it; a complaint's has an act of its own."""
    open_now = {each.kind for each in tender.suspensions.all() if each.until is None or each.until > now}
    own = {kind for role, kinds in suspension.BY_ROLE.items() if has_role(role, actor, tender) for kind in kinds}
    names = [suspension.KINDS[kind] for kind in sorted(open_now)]
    return verdict(
        not open_now or bool(open_now & own),
        "suspension.kind",
        Text(f"{'、'.join(each.zh for each in names)}：不由您解除", f"{', '.join(each.en for each in names)}: not yours to lift"),
        article=suspension.ARTICLES[0],
        passes=Text("由作出暂停决定的一方解除", "whoever suspended it lifts it"),
    )


def before_deadline_or_still(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Until the deadline for bids; while the tender stands still, also after it: the deadline is then moved."""
    return YES if stands_still(tender, now) else rules.before_deadline(tender, actor, now)
