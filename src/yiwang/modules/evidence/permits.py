"""Who may do what now, and why not: read from the tables, used by the door, the pages and the API alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Transition
from yiwang.kernel.verdict import YES, Verdict, no
from yiwang.modules.evidence import actors, course, registry
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
    """True when its procedure has no such act, or the subject has left the last state in which it was possible."""
    return course.over(row, subject, registry.TABLES["tender"].states)


def _not_your_role(row: Transition) -> Verdict:
    zh = "、".join(ROLES[code].name.zh for code in row.roles)
    en = " or ".join(ROLES[code].name.en for code in row.roles)
    return no("role", Text(f"“{row.name.zh}”由{zh}办理", f"“{row.name.en}” is for the {en}"))


def _wrong_state(row: Transition, subject: Any) -> Verdict | None:
    if not row.sources or subject is None:
        return None
    sources = course.sources(row, subject)
    if subject.state in sources:
        return None
    if not sources:
        return _no_such_act(row, subject)
    states = registry.TABLES["tender"].states
    allowed = [states[code].name for code in sources]
    here = states[subject.state].name
    return no(
        "state",
        Text(
            f"“{row.name.zh}”只能在“{'、'.join(t.zh for t in allowed)}”阶段办理，目前是“{here.zh}”",
            f"“{row.name.en}” is possible only while {' or '.join(t.en for t in allowed)}; now: {here.en}",
        ),
    )


def _no_such_act(row: Transition, subject: Any) -> Verdict:
    """The subject's procedure has no such step."""
    governing = course.course_of(subject)
    name, article = (governing.name, governing.article) if governing is not None else (Text("", ""), "")
    return no(
        "procedure.act",
        Text(f"“{name.zh}”没有“{row.name.zh}”这一步骤", f"“{name.en}” has no step “{row.name.en}”"),
        article=article,
        passes=Text("按本采购方式的步骤办理", "a step of this procedure"),
    )
