"""A tender's life as one line: its milestones, what was done when by whom, what comes next, by which law.

A milestone is a step of the procedure whose act moves the tender to a new state.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from yiwang.desks import bounds
from yiwang.kernel import clock, moment, procedures
from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Transition
from yiwang.modules.evidence import disclosure, registry
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.actors import ROLES
from yiwang.modules.tenders.selectors import law_of
from yiwang.ui import shapes

ENDED = ("failed", "terminated")


def steps(tender: Any) -> list[shapes.Step]:
    """The timeline of a tender for :func:`yiwang.ui` to draw."""
    done = {act.act: act for act in evidence.acts_of(tender)}
    order = list(registry.TABLES["tender"].states)
    lawful, stage = _bounds(tender), disclosure.reached(done)
    found: list[shapes.Step] = []
    for step, row in milestones(law_of(tender)):
        act = done.get(row.act)
        passed = act is not None and (tender.state in ENDED or order.index(leads_to(step, row)) <= order.index(tender.state))
        first_open = all(earlier.state != "now" for earlier in found)
        state: shapes.StepState = (
            "done" if passed else "skipped" if tender.state in ENDED else "now" if first_open else "next"
        )
        found.append(_shape(step, row, state, act, lawful.get(step.key), stage=stage))
    return [*found, *_ending(tender, done)]


def milestones(procedure: procedures.Procedure) -> list[tuple[procedures.ProcedureStep, Transition]]:
    """The steps of a procedure that move the tender's state, with their transitions."""
    found = []
    for step in procedure.steps:
        row = registry.row_of(step.act) if step.act else None
        if row is not None and leads_to(step, row) and step.kind == "main":
            found.append((step, row))
    return found


def leads_to(step: procedures.ProcedureStep, row: Transition) -> str:
    """The state that a step leads to: as the procedure says; entering a tender makes it a draft."""
    return step.target if row.sources else row.target


def _bounds(tender: Any) -> dict[str, clock.Step]:
    return {step.key: step for step in bounds.steps(tender)}


def _shape(
    step: procedures.ProcedureStep,
    row: Transition,
    state: shapes.StepState,
    act: Any,
    bound: clock.Step | None,
    *,
    stage: str,
) -> shapes.Step:
    shown = _when(state, act, bound)
    return shapes.Step(
        name=step.name,
        state=state,
        when=shown,
        until=bound.latest if bound and state in ("now", "next") else None,
        who=_who(row),
        article="；".join(step.articles[:2]),
        note=_note(state, bound),
        seal=seal(act, public=disclosure.is_public(row.act, stage)) if state == "done" else None,
    )


def _when(state: str, act: Any, bound: clock.Step | None) -> datetime | None:
    if state == "done":
        return act.at
    if state == "skipped" or bound is None:
        return None
    if bound.at is not None:
        return bound.at
    return bound.earliest if bound.earliest is not None and bound.earliest > moment.now() else None


def _note(state: str, bound: clock.Step | None) -> Text | str:
    if bound is None or state not in ("now", "next"):
        return ""
    if bound.reasons:
        return bound.reasons[0].message
    return Text("法定最早时间", "the earliest lawful time") if bound.at is None and _when(state, None, bound) else ""


def _who(row: Transition) -> Text:
    names = [ROLES[code].name for code in row.roles]
    return Text("、".join(name.zh for name in names), " or ".join(name.en for name in names))


def seal(act: Any, *, public: bool = True) -> shapes.Seal | None:
    """The seal mark of an act: its log index, how to check it, whether its content is public. None while it has no index."""
    entry = getattr(act, "log_entry", None) if act is not None else None
    if entry is None:
        return None
    return shapes.Seal(
        index=entry.index,
        act=registry.row_of(act.act).name,
        at=act.at,
        entry_hash=bytes(act.entry).hex(),
        check_url=reverse("public:evidence", args=[entry.index]),
        disclosed=public,
    )


def _ending(tender: Any, done: dict[str, Any]) -> list[shapes.Step]:
    if tender.state not in ENDED:
        return []
    act = done.get("tender.fail") or done.get("tender.terminate")
    name = registry.TABLES["tender"].states[tender.state].name
    return [shapes.Step(name=name, state="done", when=act.at if act else None, seal=seal(act))]
