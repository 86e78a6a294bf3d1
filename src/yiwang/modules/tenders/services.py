"""What other modules need of tenders to do their acts: a tender with its row locked, its events noted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from yiwang.kernel import moment
from yiwang.kernel.clock_names import event_of
from yiwang.kernel.errors import NotVisible, bad
from yiwang.kernel.text import Text
from yiwang.modules.evidence import plain
from yiwang.modules.tenders.models import Suspension, Tender
from yiwang.modules.tenders.selectors import law_of
from yiwang.modules.tenders.suspension_rules import OPEN_END

NUMBERING = 0x59_57_4E_4F
"""Advisory lock "YWNO": tender numbers are given one at a time and without gaps."""


def locked(number: str) -> Tender:
    """The tender with its row locked until the transaction ends. Locks are taken tender first, always.

    Raises:
        NotVisible: there is no such tender.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {plain.columns(Tender)} FROM tenders_tender WHERE number = %s FOR UPDATE", [number])
        row = cursor.fetchone()
    if row is None:
        raise NotVisible
    found: Tender = plain.instance(Tender, row)
    return found


def note(tender: Tender, event: str, at: datetime) -> None:
    """Note a moment that the statutory clock counts from; the door saves it."""
    tender.events[event] = moment.stamp(at)
    tender.events[event_of(law_of(tender).method, event)] = moment.stamp(at)


def happens(tender: Tender, event: str) -> bool:
    """Whether some step of the tender's procedure sets off a clock event."""
    return any(event in step.events for step in law_of(tender).steps)


def noted(tender: Tender, event: str) -> datetime | None:
    """The moment noted under a clock event, or None."""
    text = tender.events.get(event)
    return moment.from_stamp(text) if text else None


def when(tender: Tender, event: str) -> datetime:
    """The moment noted under a clock event that must have happened; KeyError when it has not."""
    return moment.from_stamp(tender.events[event])


def open_suspension(
    tender: Tender, kind: str, reason: str, by: str, *, at: datetime | None = None, until: datetime | None = None
) -> Suspension:
    """Let the tender stand still, within an act whose door saves the tender.

    Args:
        kind: of :data:`yiwang.kernel.suspension.KINDS`. by: code of the role that suspends.
        at: the act's moment. until: the end, where it is known in advance.

    Raises:
        BadInput: the tender is suspended for this kind already.
    """
    now = at or moment.now()
    if tender.suspensions.filter(Q(until=None) | Q(until__gt=now), kind=kind).exists():
        raise bad("kind", "已经因此暂停", "it is suspended for this already", passes=Text("先恢复", "let it go on first"))
    made = Suspension.objects.create(tender=tender, kind=kind, reason=reason, since=now, until=until, by=by)
    _stand_still(tender, now)
    return made


def close_suspension(tender: Tender, kind: str, *, at: datetime | None = None) -> list[Suspension]:
    """End the open suspension of a kind; gives what was closed. The tender goes on once none is left."""
    now = at or moment.now()
    closed = list(tender.suspensions.filter(Q(until=None) | Q(until__gt=now), kind=kind))
    for each in closed:
        each.until = now
        each.save()
    _stand_still(tender, now)
    return closed


def _stand_still(tender: Tender, now: datetime) -> None:
    ends = [each.until or OPEN_END for each in tender.suspensions.filter(Q(until=None) | Q(until__gt=now))]
    tender.still_until = max(ends, default=None)


def next_number(year: int) -> str:
    """The next free number of a year, ``YW2026-0001``; holds the numbering lock until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING])
        cursor.execute(
            "SELECT coalesce(max(split_part(number, '-', 2)::int), 0) + 1 FROM tenders_tender WHERE number LIKE %s",
            [f"YW{year}-%"],
        )
        return f"YW{year}-{cursor.fetchone()[0]:04d}"


def failed(number: str, buyer: Any) -> Tender:
    """The failed tender that is held again, locked so that it is not held again twice.

    Raises:
        BadInput: no such tender of this buyer, it did not fail, or it is being held again already.
    """
    failed = Tender.objects.select_for_update().filter(number=number, buyer=buyer).first()
    if failed is None or failed.state != "failed":
        raise bad("retender_of", f"{number} 不是该招标人招标失败的项目", f"{number} is no failed tender of this buyer",
                  passes=Text("一个招标失败的项目的编号", "the number of a tender that failed"), article="招标投标法 第28条")
    other = failed.retenders.exclude(state__in=("terminated", "failed")).first()
    if other is not None:
        raise bad("retender_of", f"{number} 已经重新招标：{other.number}", f"{number} is held again already as {other.number}")
    return failed
