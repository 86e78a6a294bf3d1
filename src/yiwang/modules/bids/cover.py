"""Cover entries: the public log grows in a rhythm that tells nothing of bids; the rhythms stand in ``law/cover.yaml``.

The worker's :class:`Stream` gives waiting acts their place in the log. A blind act (a bid, a withdrawal) never comes
alone to be counted: covers come beside it, before it and after it, by a rule that knows public deadlines only. Without
the worker (``sequencer.sequence_all``) there are no covers.

Covers are disclosed (:func:`disclose`) once every tender that was open when they were made is opened or ended, so that
an auditor can account for every entry of the log.
"""

from __future__ import annotations

import json
import logging
import math
import random
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Min, Q, Value

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.lawfile import law_path, read
from yiwang.modules.bids import sealed
from yiwang.modules.evidence import blind, door, vault
from yiwang.modules.evidence.actors import SYSTEM
from yiwang.modules.evidence.sequencer import sequence_all, sequence_once
from yiwang.modules.tenders import selectors as tenders
from yiwang.modules.tenders import services

TICKS, SCATTER = "ticks", "scatter"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """One rhythm of ``law/cover.yaml``; ``within`` is None in the last one."""

    within: timedelta | None
    kind: str
    every: float
    entries: int

    def size_for(self, waiting: int) -> int:
        """How many blind entries come at one time when so many acts wait: ``entries``, doubled as often as needed."""
        size = self.entries
        while size < waiting:
            size *= 2
        return size


def rhythms() -> tuple[Rhythm, ...]:
    """The rhythms, the one nearest to the deadline first.

    Raises:
        LawFault: the file is wrong; names the line.
    """
    path = law_path("cover.yaml")
    return _rhythms(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _rhythms(path: Path, changed_ns: int) -> tuple[Rhythm, ...]:
    file, found = read(path), list[Rhythm]()
    rows = file.need(("rhythms",), list)
    for number, row in enumerate(rows):
        at = ("rhythms", number)
        file.only(at, ("within", "rhythm", "every", "entries"))
        last = number == len(rows) - 1
        if last == ("within" in row):
            raise file.fault(at, "只有最后一项不写 within", "only the last one has no “within”")
        within = None if last else timedelta(minutes=file.need((*at, "within"), int))
        if file.need((*at, "every"), (int, float)) <= 0 or file.need((*at, "entries"), int) < 1:
            raise file.fault(at, "every 和 entries 应大于零", "“every” and “entries” must be positive")
        found.append(Rhythm(within, file.one_of((*at, "rhythm"), (TICKS, SCATTER)), row["every"], row["entries"]))
    return tuple(found)


def rhythm_at(now: datetime) -> Rhythm | None:
    """The rhythm that holds at a moment; None while no tender takes bids. It holds on for some seconds after a deadline,
    lest the last bids stand alone, and through the grace that a notice gives to uploads: deliveries are as secret as bids.
    """
    found, since = rhythms(), now - _holds_on()
    grace = ExpressionWrapper(F("upload_grace_minutes") * Value(timedelta(minutes=1)), DurationField())
    in_grace = Q(state__in=("tendering", "closed"), upload_grace_minutes__gt=0, deadline__gt=Value(since, DateTimeField()) - grace)
    open_ = tenders.visible_to(SYSTEM).filter(Q(state="tendering", deadline__gt=since) | in_grace)
    nearest = open_.aggregate(nearest=Min("deadline"))["nearest"]
    if nearest is None:
        return None
    return next(each for each in found if each.within is None or nearest - now <= each.within)


def _holds_on() -> timedelta:
    return timedelta(seconds=read(law_path("cover.yaml")).need(("holds_on",), int))


class Stream:
    """What the worker does with waiting acts, round by round.

    Attributes:
        due: when the next tick or cover is due, by the clock that is given to :meth:`round`; None: nothing planned.
        owed: covers to be left out for acts that came between them.
        settled: no act waits for a tick. What is due by time is done only then, or the moment of a closing would tell
            whether a bid came just before it.
    """

    def __init__(self, chance: random.Random | None = None) -> None:
        self.chance = chance or secrets.SystemRandom()
        self.rhythm: Rhythm | None = None
        self.due: float | None = None
        self.owed = 0
        self.settled = True

    def round(self, now: datetime, clock: float) -> int:
        """Place what may be placed now, with covers if it is time for some; gives how many entries that were.

        Args:
            now: the moment by which deadlines are told.
            clock: seconds of any clock that runs steadily, by which the rhythm is kept.
        """
        rhythm, before = rhythm_at(now), self.rhythm
        if rhythm != before:
            self.rhythm, self.due, self.owed = rhythm, None, 0
            _tidy()
        if before is not None and before.kind == TICKS and rhythm != before:
            return self._tick(before, now)  # the last one
        if rhythm is None:
            return sequence_all()
        if rhythm.kind == SCATTER:
            return self._scatter(rhythm, now, clock)
        if self.due is not None and clock < self.due:
            self.settled = False
            return 0
        self.due = (math.floor(clock / rhythm.every) + 1) * rhythm.every
        return self._tick(rhythm, now)

    def pause(self, most: float, clock: float) -> float:
        """Seconds until the next round is needed; a round must come in time whether there is news or not."""
        return most if self.due is None else min(most, max(0.0, self.due - clock))

    def _tick(self, rhythm: Rhythm, now: datetime) -> int:
        self.settled = True
        waiting, secret = blind.waiting()
        return _place(waiting, rhythm.size_for(secret) - secret, now)

    def _scatter(self, rhythm: Rhythm, now: datetime, clock: float) -> int:
        waiting, secret = blind.waiting()
        covers = 0
        if secret:
            covers = rhythm.size_for(secret) - secret
            self.owed += covers + secret
        elif self.due is not None and clock >= self.due:
            covers = 0 if self.owed >= rhythm.entries else rhythm.entries
            self.owed = max(0, self.owed - rhythm.entries)
        if self.due is None or (clock >= self.due and not secret):
            self.due = clock + self.chance.expovariate(1 / rhythm.every)
        return _place(waiting, covers, now)


def _place(waiting: int, covers: int, now: datetime) -> int:
    """Place as many entries as wait and covers beside them. An act that comes in between takes a cover's place: the
    cover stays behind and counts as waiting the next time.
    """
    if waiting + covers:
        _tidy()
    for _ in range(covers):
        row = blind.cover(now)
        door.insert(row, row)
    return sequence_once(waiting + covers)


def _tidy() -> None:
    """The vault of sealed files looks fresh at the same rhythm. What is wrong with it must not keep the log waiting."""
    try:
        vault.tidy()
    except (YiwangError, OSError):
        _log.exception("the vault could not be tidied")


def disclose(now: datetime, most: int = 500) -> int:
    """Disclose covers, and bids of tenders that were terminated, from before the publication of every tender that is not
    opened yet; gives how many covers that were.
    """
    since = _unopened_since() or now
    if not any(act.at < since for act in blind.oldest(1)):
        return 0
    due = [act for act in blind.oldest(most) if act.at < since]
    for number in sorted({_tender_of(act) for act in due if act.act != blind.COVER}):
        with transaction.atomic():
            sealed.unveil(services.locked(number))
    return blind.unveil(act for act in due if act.act == blind.COVER)


def _unopened_since() -> datetime | None:
    """When the first of the tenders was published that take bids or wait for their opening."""
    waiting = tenders.visible_to(SYSTEM).filter(state__in=("tendering", "closed"))
    found: datetime | None = waiting.aggregate(since=Min("acts__at", filter=Q(acts__act__in=("tender.publish", "tender.invite"))))["since"]
    return found


def _tender_of(act: Any) -> str:
    number: str = json.loads(bytes(act.canonical))["public"]["tender"]
    return number
