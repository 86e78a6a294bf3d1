"""What other modules need of tenders to do their acts: a tender with its row locked, its events noted."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from yiwang.kernel import moment
from yiwang.kernel.errors import NotVisible
from yiwang.modules.evidence import plain
from yiwang.modules.tenders.models import Tender

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


def noted(tender: Tender, event: str) -> datetime | None:
    """The moment noted under a clock event, or None."""
    text = tender.events.get(event)
    return moment.from_stamp(text) if text else None


def when(tender: Tender, event: str) -> datetime:
    """The moment noted under a clock event that must have happened; KeyError when it has not."""
    return moment.from_stamp(tender.events[event])


def next_number(year: int) -> str:
    """The next free number of a year, ``YW2026-0001``; holds the numbering lock until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING])
        cursor.execute(
            "SELECT coalesce(max(split_part(number, '-', 2)::int), 0) + 1 FROM tenders_tender WHERE number LIKE %s",
            [f"YW{year}-%"],
        )
        return f"YW{year}-{cursor.fetchone()[0]:04d}"
