"""Bench ``law``: recomputing the statutory clock of 10,000 live tenders.

Each tender stands somewhere in its life under one of all procedures; some had clarifications, some stand still for an
objection or a suspension. The reference is the bare counting of as many periods: for each bound that the timelines hold
one walk over the calendar's days, a day at a time, without procedure, reasons or verdicts.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yiwang.bench.figure import Figure, Stopwatch
from yiwang.kernel.calendar import Calendar
from yiwang.kernel.clock_book import ClockBook
from yiwang.kernel.clock_count import Due, Pause
from yiwang.kernel.moment import LOCAL
from yiwang.kernel.procedure_example import passing
from yiwang.kernel.procedures import Procedure, all_procedures
from yiwang.kernel.timeline import Step, timeline

SEED, TENDERS = 20261124, 10_000
WITHIN = 5.0
"""Seconds on one core in which all are to be recomputed."""

_BEGUN = datetime(2024, 3, 4, 9, tzinfo=LOCAL)
_WAITS = 20
"""One tender in this many stands still for an objection, another for a suspension."""


@dataclass(frozen=True)
class Live:
    """A living tender as the clock sees it."""

    procedure: Procedure
    events: dict[str, datetime]
    pauses: tuple[Pause, ...]
    now: datetime


def run() -> list[Figure]:
    """Recompute all, then count as many periods bare."""
    calendar, book = Calendar.load(), ClockBook.load()
    tenders = live(TENDERS, calendar)
    for tender in tenders[:50]:
        _steps(tender, calendar, book)
    ours, bare = Stopwatch(), Stopwatch()
    dues: list[Due] = []
    steps = 0
    for start in range(0, TENDERS, 1000):
        group = tenders[start : start + 1000]
        found: list[list[Step]] = []
        ours.time(lambda group=group, found=found: found.extend(_steps(each, calendar, book) for each in group))  # type: ignore[misc]
        mine = [due for each in found for step in each for due in step.dues]
        bare.time(lambda mine=mine: _walk(mine, calendar))  # type: ignore[misc]
        dues, steps = [*dues, *mine], steps + sum(map(len, found))
    if len(dues) < TENDERS:
        raise RuntimeError(f"only {len(dues)} periods were counted for {TENDERS} tenders")
    what = f"as many periods ({len(dues)}) counted a day at a time"
    return [
        Figure("law.clock_10000", ours.cpu, "s", what, bare.cpu, f"< {WITHIN:g} s", ours.cpu < WITHIN),
        Figure("law.clock_per_tender", ours.cpu / TENDERS * 1000, "ms", "its periods a day at a time, ms", bare.cpu / TENDERS * 1000),
        Figure("law.steps_per_second", steps / ours.cpu, "1/s", "periods a day at a time", len(dues) / bare.cpu),
    ]  # fmt: skip


def live(number: int, calendar: Calendar) -> list[Live]:
    """So many living tenders, always the same."""
    chance, procedures = random.Random(SEED), all_procedures()
    lives = [(each, passing(each, _BEGUN, calendar).moments) for each in procedures]
    return [_one(chance, *chance.choice(lives)) for _ in range(number)]


def _one(chance: random.Random, procedure: Procedure, moments: dict[str, datetime]) -> Live:
    """A tender that has come to a step of its life, on a day of a year."""
    shift = timedelta(days=chance.randrange(300))
    keys = list(moments)
    reached = chance.randrange(8, max(9, len(keys) - 3))
    events = {key: moments[key] + shift for key in keys[:reached]}
    now = max(events.values())
    if "close" in moments and "close" not in events:
        events["close"] = moments["close"] + shift
    pauses: tuple[Pause, ...] = ()
    if chance.randrange(_WAITS) < 2:
        cause = chance.choice(("objection", "suspension"))
        pauses = (Pause(now - timedelta(days=2), now + timedelta(days=chance.randrange(1, 9)), cause),)
    return Live(procedure, events, pauses, now)


def _steps(tender: Live, calendar: Calendar, book: ClockBook) -> list[Step]:
    return timeline(tender.procedure, tender.events, calendar, pauses=tender.pauses, now=tender.now, book=book)


def _walk(dues: list[Due], calendar: Calendar) -> int:
    """Walk from the first day to the last of each count, asking of each day whether it is a workday."""
    work, total = {day for day in _days(calendar) if calendar.is_workday(day)}, 0
    one = timedelta(days=1)
    for due in dues:
        day, last = sorted((due.start.astimezone(LOCAL).date(), due.day))
        while day < last:
            day += one
            total += day in work
    return total


def _days(calendar: Calendar) -> list[date]:
    first = date(calendar.first, 1, 1)
    return [first + timedelta(days=n) for n in range((date(calendar.last, 12, 31) - first).days + 1)]
