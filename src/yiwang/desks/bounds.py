"""The statutory clock of one tender: until when an act must be done, what is overdue."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel import clock, moment, procedures


def steps(tender: Any) -> list[clock.Step]:
    """The steps of the tender's procedure with their lawful bounds, from what has happened so far."""
    procedure, book = procedures.load(tender.procedure), clock.ClockBook.load()
    events = {
        name: moment.from_stamp(text)
        for name, text in tender.events.items()
        if name in book.events or name in procedure.by_key
    }
    return clock.timeline(procedure, events, clock.Calendar.load(), now=moment.now())


def until(tender: Any, act: str) -> datetime | None:
    """The last lawful moment of an act, where the law sets one that can be told now."""
    if act == "objection.answer":
        return min((each.answer_by for each in tender.objections.all() if each.answered_at is None), default=None)
    if act == "bid.deliver":
        end: datetime | None = tender.bytes_until
        return end
    if act in ("clarification.answer", "bid.submit", "bid.withdraw", "clarification.ask"):
        deadline: datetime | None = tender.deadline
        return deadline
    if act == "custody.provide_key":
        return max((each.keys_by for each in tender.custodians.all() if each.keys_by and not each.recipient), default=None)
    found = [step.latest for step in steps(tender) if step.step.act == act and step.at is None and step.latest]
    return min(found) if found else None


def overdue(tender: Any) -> list[clock.Step]:
    """Acts of the tender's present state whose last lawful moment has passed undone.

    Steps that leave no act here (refunds, say) are not judged: the platform does not see whether they were done.
    """
    now = moment.now()
    return [
        step
        for step in steps(tender)
        if step.step.act
        and step.at is None
        and step.latest is not None
        and step.latest < now
        and step.step.kind != "optional"
        and tender.state in step.step.states
    ]
