"""Who may do what now, and why not: read from the tables, used by the door, the pages and the API alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Transition
from yiwang.kernel.verdict import YES, Verdict, no
from yiwang.modules.evidence import actors, registry
from yiwang.modules.evidence.actors import ROLES, Actor


@dataclass(frozen=True)
class Step:
    """One act that somebody could do on a subject, with the verdict on doing it now."""

    row: Transition
    verdict: Verdict


def role_for(row: Transition, actor: Actor, subject: Any) -> str:
    """The role in which the actor may do the act; '' when he has none of those that may."""
    return next((code for code in row.roles if actors.has_role(code, actor, subject)), "")


def may(row: Transition, actor: Actor, subject: Any, now: datetime) -> Verdict:
    """Role, state and conditions, in this order: a stranger learns nothing of the state."""
    return judge(row, actor, subject, now)[1]


def judge(row: Transition, actor: Actor, subject: Any, now: datetime) -> tuple[str, Verdict]:
    """The verdict of :func:`may`, with the role in which the actor would do the act ('' when he has none)."""
    role = role_for(row, actor, subject)
    if not role:
        return "", _not_your_role(row)
    wrong = _wrong_state(row, subject)
    if wrong is not None:
        return role, wrong
    found = YES
    for guard in registry.guards_of(row):
        found = found & guard(subject, actor, now)
    return role, found


def steps(actor: Actor, subject: Any, now: datetime, kinds: tuple[str, ...] = ()) -> list[Step]:
    """The acts that are of the actor's role towards a subject, each with its verdict, in the tables' order."""
    found = []
    for row in registry.rows():
        if not row.offered or not row.sources or (kinds and row.kind not in kinds):
            continue
        if _is_past(row, subject):
            continue
        role, verdict = judge(row, actor, subject, now)
        if role:
            found.append(Step(row, verdict))
    return found


def _is_past(row: Transition, subject: Any) -> bool:
    """True when the subject has left the last state in which the act was possible: no use to explain it."""
    order = list(registry.TABLES["tender"].states)
    if subject is None or subject.state not in order:
        return False
    here = order.index(subject.state)
    return all(order.index(code) < here for code in row.sources)


def _not_your_role(row: Transition) -> Verdict:
    zh = "、".join(ROLES[code].name.zh for code in row.roles)
    en = " or ".join(ROLES[code].name.en for code in row.roles)
    return no("role", Text(f"“{row.name.zh}”由{zh}办理", f"“{row.name.en}” is for the {en}"))


def _wrong_state(row: Transition, subject: Any) -> Verdict | None:
    if not row.sources or subject is None or subject.state in row.sources:
        return None
    states = registry.TABLES["tender"].states
    allowed = [states[code].name for code in row.sources]
    here = states[subject.state].name
    return no(
        "state",
        Text(
            f"“{row.name.zh}”只能在“{'、'.join(t.zh for t in allowed)}”阶段办理，目前是“{here.zh}”",
            f"“{row.name.en}” is possible only while {' or '.join(t.en for t in allowed)}; now: {here.en}",
        ),
    )
