"""Our clock against the witnesses': no closing and no opening while two of them say that it is wrong.

Each cosignature carries its witness's time (whole seconds). Together with the moments of request and answer it bounds
how far that clock is from ours. What is kept is each witness's difference from the database's clock: so every process
(web, worker), on whatever machine, can work out its own difference from the witness, at any later time, by one question
to the database. A wrong clock of the database alone cancels out.

What is compared is the machine's clock (:func:`.moment.machine`): a demonstration's or a replay's time is set on purpose.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from yiwang.kernel import moment
from yiwang.kernel.rules import limit
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, no
from yiwang.modules.evidence import policies
from yiwang.modules.evidence.actors import PUBLIC, Actor
from yiwang.modules.evidence.models import Witness
from yiwang.modules.evidence.registry import condition
from yiwang.witness.memory import Report

TOLERANCE, FRESH = "NL-18", "NL-19"
"""Limits of law/limits.yaml: seconds by which clocks may differ; seconds for which a comparison holds."""

AGAINST = 2
"""So many witnesses must say that our clock is wrong: one alone may be wrong itself."""

EVERY = 30.0
"""Seconds after which witnesses are asked for the time again when there was nothing new to cosign."""

_STEP = 0.5
"""Seconds by which the machine's clock has jumped: then the witnesses are asked at once."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ClockOf:
    """A witness's clock beside ours, as this process sees it now.

    Attributes:
        least, most: between which seconds the witness's clock minus ours surely lies; None: never compared.
        fresh: the comparison is new enough to count.
        answers: the witness cosigned when it was last asked, so a new comparison comes within seconds.
    """

    name: str
    least: float | None
    most: float | None
    fresh: bool
    answers: bool

    def differs(self, seconds: float) -> bool:
        """Whether the clocks surely differ by more than this."""
        if not self.fresh or self.least is None or self.most is None:
            return False
        return self.least > seconds or self.most < -seconds

    def words(self) -> Text:
        """The difference for people."""
        if self.least is None or self.most is None:
            return Text("还没有比对", "not compared yet")
        middle, half = (self.least + self.most) / 2, (self.most - self.least) / 2
        sign = "+" if middle >= 0 else "−"
        said = Text(f"{sign}{abs(middle):.1f} 秒（±{half:.1f}）", f"{sign}{abs(middle):.1f} s (±{half:.1f})")
        return said if self.fresh else Text(f"{said.zh}，已过时", f"{said.en}, out of date")


@dataclass(frozen=True, slots=True)
class Standing:
    """How our clock stands with the witnesses'; ``tolerance`` in seconds."""

    clocks: tuple[ClockOf, ...]
    tolerance: float

    @property
    def against(self) -> tuple[ClockOf, ...]:
        """The witnesses whose clocks differ from ours by more than the tolerance."""
        return tuple(each for each in self.clocks if each.differs(self.tolerance))

    @property
    def disputed(self) -> bool:
        """Whether our clock is contradicted by enough witnesses."""
        return len(self.against) >= AGAINST

    @property
    def waiting(self) -> bool:
        """Whether a witness that answers has not been compared for too long: a new comparison is on its way."""
        return any(each.answers and not each.fresh for each in self.clocks)

    @property
    def known(self) -> bool:
        """Whether at least one comparison counts."""
        return any(each.fresh for each in self.clocks)

    def words(self) -> Text:
        """In a sentence."""
        if self.disputed:
            who = "、".join(f"{each.name} {each.words().zh}" for each in self.against)
            whom = ", ".join(f"{each.name} {each.words().en}" for each in self.against)
            return Text(f"本中心的时钟与见证人不一致：{who}", f"This center's clock disagrees with its witnesses: {whom}")
        if not self.known:
            return Text("没有见证人的时钟可以比对", "there is no witness's clock to compare with")
        zh, en = f"本中心的时钟与见证人相差不超过 {self.tolerance:g} 秒", f"this center's clock is within {self.tolerance:g} s of the witnesses'"
        return Text(zh, en)


def compare() -> Standing:
    """Our clock beside that of every witness of the policy; no clocks without a policy."""
    tolerance = float(limit(TOLERANCE)["most"])
    policy = policies.policy()
    names = list(dict.fromkeys(party.vkey.name for party in policy.witnesses.values())) if policy else []
    if not names:
        return Standing((), tolerance)
    rows = Witness.objects.in_bulk(names)
    at, low, high = _from_database()
    return Standing(tuple(_clock(name, rows.get(name), at, low, high) for name in names), tolerance)


@condition("opening.close", "opening.open")
def clock_agrees(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Our clock is not contradicted by the witnesses'; without witnesses nobody can tell, and it passes."""
    if policies.policy() is None:
        return YES
    found = compare()
    if found.disputed:
        return no(
            "clock.disputed",
            found.words(),
            article="招标投标法 第34条",
            passes=Text(
                f"时钟与见证人相差不超过 {found.tolerance:g} 秒后自动继续；此前收到的投标都有效保留",
                f"it goes on by itself once the clocks are within {found.tolerance:g} s; bids that came meanwhile are kept",
            ),
        )
    if found.waiting:
        return no(
            "clock.wait",
            Text("中心的时钟正在与见证人核对", "the center's clock is being compared with the witnesses'"),
            passes=Text("几秒后再试", "try again in a few seconds"),
        )
    return YES


def deadline_is_certain() -> Verdict:
    """Asked when by our clock a deadline has passed: may somebody be told that he is late?

    Yes unless our clock is contradicted (``clock.disputed``) or the comparison is out of date (``clock.wait``).
    """
    return clock_agrees(None, PUBLIC, moment.now())


def facts() -> dict[str, Any]:
    """What the closing entry says of our clock: between how many milliseconds each witness's lay from it; {} where no
    witness was compared."""
    rows = [
        {"witness": each.name, "least_ms": math.floor(each.least * 1000), "most_ms": math.ceil(each.most * 1000)}
        for each in compare().clocks
        if each.fresh and each.least is not None and each.most is not None
    ]
    return {"clock": rows} if rows else {}


def notice() -> Text | None:
    """What every page says while our clock is disputed."""
    found = compare()
    if not found.disputed:
        return None
    zh, en = found.words().zh, found.words().en
    return Text(
        f"{zh}。截标、开标等待时钟核准；投标照常接收，直到截标记录写入日志。",
        f"{en}. Closing and opening wait until it is set right; bids are taken until the closing entry is in the log.",
    )


class Watch:
    """When the worker asks for the time again, and what it tells the operator."""

    def __init__(self) -> None:
        self._next: float | None = None
        self._offset = 0.0
        self._disputed = False

    def due(self, now: float) -> bool:
        """Whether the witnesses should be asked though there is nothing new to cosign.

        Args:
            now: the machine's monotonic clock, seconds.
        """
        offset = moment.machine().timestamp() - now
        jumped = self._next is not None and abs(offset - self._offset) > _STEP
        self._offset = offset
        if self._next is None:
            self._next = now + EVERY
            return False
        if not jumped and now < self._next:
            return False
        self._next = now + EVERY
        return True

    def tell(self) -> None:
        """A line in the program's log when our clock comes into dispute, or out of it."""
        found = compare()
        if found.disputed and not self._disputed:
            _log.error("clock: %s; closing and opening wait", found.words().en)
        elif self._disputed and not found.disputed:
            _log.warning("clock: no longer disputed; %s", found.words().en)
        self._disputed = found.disputed


class Told:
    """Writes what a round told of the witnesses' clocks into their rows; asks the database's clock at most once."""

    def __init__(self) -> None:
        self._read: tuple[datetime, float, float] | None = None

    def note(self, row: Witness, before: Witness | None, reports: Iterable[Report]) -> None:
        """Fill in ``least``, ``most`` and ``measured`` of a row that is about to be written."""
        bounds = [each.bounds for each in reports if each.bounds is not None]
        if not bounds:
            if before is not None:
                row.least, row.most, row.measured = before.least, before.most, before.measured
            return
        if self._read is None:
            self._read = _from_database()
        at, low, high = self._read
        # witness - database = (witness - us) + (us - database)
        row.least = max(each[0] for each in bounds) + low
        row.most = min(each[1] for each in bounds) + high
        row.measured = at


def _clock(name: str, row: Witness | None, at: datetime, low: float, high: float) -> ClockOf:
    if row is None or row.least is None or row.most is None or row.measured is None:
        return ClockOf(name, None, None, fresh=False, answers=row is not None and row.state == "cosigned")
    age = (at - row.measured).total_seconds()
    fresh = -1 <= age <= float(limit(FRESH)["most"])
    # witness - us = (witness - database) - (us - database)
    return ClockOf(name, row.least - high, row.most - low, fresh=fresh, answers=row.state == "cosigned")


def _from_database() -> tuple[datetime, float, float]:
    """The database's clock, and between which seconds this machine's clock minus it lies."""
    before, started = moment.machine(), time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        at: datetime = cursor.fetchone()[0]
    took = time.monotonic() - started
    low = (before - at).total_seconds()
    return at, low, low + took
