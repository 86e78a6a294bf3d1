"""The statutory clock of one tender: until when an act must be done, what is overdue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from yiwang.kernel import clock, moment
from yiwang.modules.remedies import rules as remedy_rules
from yiwang.modules.tenders.clock_facts import suspensions
from yiwang.modules.tenders.selectors import law_of
from yiwang.modules.venues import selectors as venues


def steps(
    tender: Any, calendar: clock.Calendar | None = None, staffed: dict[date, str] | None = None
) -> list[clock.Step]:
    """The steps of the tender's procedure with their lawful bounds, from what has happened so far.

    Args:
        calendar, staffed: the center's, where many tenders are asked after; None: read now.
    """
    procedure, book = law_of(tender), clock.ClockBook.load()
    events = {
        name: moment.from_stamp(text)
        for name, text in tender.events.items()
        if name in book.events or name in procedure.by_key
    }
    pauses = suspensions(tender)
    known, open_days = calendar or venues.calendar(), venues.staffed() if staffed is None else staffed
    return clock.timeline(procedure, events, known, pauses=pauses, staffed=open_days, now=moment.now(), book=book)


def until(
    tender: Any, act: str, calendar: clock.Calendar | None = None, staffed: dict[date, str] | None = None
) -> datetime | None:
    """The last lawful moment of an act, where the law sets one that can be told now; arguments as of :func:`steps`."""
    if act.startswith(("objection.", "complaint.")):
        return _of_remedies(tender, act)
    if act == "bid.deliver":
        end: datetime | None = tender.bytes_until
        return end
    if act in ("clarification.answer", "bid.submit", "bid.withdraw", "clarification.ask"):
        deadline: datetime | None = tender.deadline
        return deadline
    if act in _ASKED:
        return _ASKED[act](tender)
    found = [step.latest for step in steps(tender, calendar, staffed) if step.step.act == act and step.at is None and step.latest]
    return min(found) if found else None


_ASKED: dict[str, Callable[[Any], datetime | None]] = {
    "custody.provide_key": lambda tender: max(
        (each.keys_by for each in tender.custodians.all() if each.keys_by and not each.recipient), default=None
    ),
    "evaluation.explain_price": lambda tender: min(
        (each.until for each in tender.price_reviews.all() if each.explained_at is None), default=None
    ),
    "evaluation.confirm_price": lambda tender: min(
        (each.until for each in tender.price_changes.all() if each.until and each.answered_at is None), default=None
    ),
}
"""Until when somebody must answer who was asked to."""


def _of_remedies(tender: Any, act: str) -> datetime | None:
    """When an objection must be raised or answered, a complaint accepted or decided."""
    if act == "objection.answer":
        return min((each.answer_by for each in tender.objections.all() if each.waits), default=None)
    if act in ("complaint.accept", "complaint.return", "complaint.refuse"):
        return min((each.accept_by for each in tender.complaints.all() if each.standing == "filed"), default=None)
    if act == "complaint.decide":
        return min((each.decide_by for each in tender.complaints.all() if each.standing == "accepted"), default=None)
    if act == "objection.raise":
        return max((at for kind in remedy_rules.kinds_now(tender) if (at := remedy_rules.raise_until(tender, kind))), default=None)
    return None


def overdue(
    tender: Any, calendar: clock.Calendar | None = None, staffed: dict[date, str] | None = None
) -> list[clock.Step]:
    """Acts of the tender's present state whose last lawful moment has passed undone; arguments as of :func:`steps`.

    Steps that leave no act here (refunds, say) are not judged: the platform does not see whether they were done.
    """
    now = moment.now()
    return [
        step
        for step in steps(tender, calendar, staffed)
        if step.step.act
        and step.at is None
        and step.latest is not None
        and step.latest < now
        and step.step.kind != "optional"
        and tender.state in step.step.states
    ]
