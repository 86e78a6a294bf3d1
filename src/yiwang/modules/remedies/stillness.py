"""How a complaint lets a tender stand still, and go on: within the act's door, through the tender's own suspensions.

Several complaints may hold one tender: it goes on once none of them does. While bids are taken their deadline moves by the
days that were lost, unless a clarification fixed it anew meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from yiwang.kernel import moment
from yiwang.modules.evidence import door
from yiwang.modules.remedies.complaint_rules import is_held
from yiwang.modules.remedies.models import Complaint
from yiwang.modules.tenders import rounds
from yiwang.modules.tenders import services as tenders
from yiwang.modules.tenders.suspension import later

SUSPENDED = "complaint"
"""The kind of suspension that a department orders in a complaint."""


def begin(passage: door.Passage, item: Complaint, *, number: str, reason: str, until: datetime | None = None) -> None:
    """Let the tender stand still for a complaint from now on, by the order or decision of that number."""
    item.suspended_at, item.suspended_until, item.suspension, item.done_at = passage.now, until, number.strip()[:100], None
    _renew(passage, item, reason)


def prolong(passage: door.Passage, item: Complaint, *, reason: str) -> None:
    """What stands still until a day stands still from now on until it is lifted."""
    if item.suspended_until is not None:
        item.suspended_until = None
        _renew(passage, item, reason)


def end(passage: door.Passage, item: Complaint) -> dict[str, Any]:
    """Let the tender go on as far as this complaint is concerned; gives what evidence says of it."""
    assert item.suspended_at is not None
    facts: dict[str, Any] = {"since": moment.stamp(item.suspended_at)}
    item.done_at = passage.now
    subject = passage.subject
    if _renew(passage, item, "因其他投诉继续暂停"):
        return facts
    if subject.state == "tendering" and not (_fixed_anew(subject, item.suspended_at) and subject.deadline > passage.now):
        subject.deadline = later(subject.deadline, item.suspended_at, passage.now)
        tenders.note(subject, "bid.deadline", subject.deadline)
        facts["deadline"] = moment.stamp(subject.deadline)
        rounds.moved(passage)
    return facts


def _renew(passage: door.Passage, item: Complaint, reason: str) -> bool:
    """End the tender's suspension and begin it anew for as long as the complaints hold it; gives whether any does."""
    others = Complaint.objects.filter(tender=passage.subject).exclude(pk=item.pk)
    ends = [each.suspended_until for each in (item, *others) if is_held(each, passage.now)]
    tenders.close_suspension(passage.subject, SUSPENDED, at=passage.now)
    if ends:
        until = last_of(ends)
        tenders.open_suspension(passage.subject, SUSPENDED, reason, passage.role, at=passage.now, until=until)
    return bool(ends)


def last_of(ends: Iterable[Any]) -> Any:
    """The latest of some ends; None, and so without end, when one of them is."""
    known = list(ends)
    return None if any(each is None for each in known) else max(each for each in known if each is not None)


def _fixed_anew(tender: Any, since: datetime) -> bool:
    return any(each.new_deadline and each.answered_at and each.answered_at >= since for each in tender.clarifications.all())
