"""How a statutory period is counted, line by line, for the pages on which somebody picks a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from yiwang.kernel import clock
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.moment import LOCAL
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.tenders import rules
from yiwang.modules.tenders.selectors import law_of
from yiwang.modules.venues import selectors as venues

OPENING_HOUR = time(9, 30)
SLACK = timedelta(minutes=5)
"""What somebody has for filling in a form before the proposed moment is too early."""


@dataclass(frozen=True)
class Proposal:
    """The earliest lawful moment with the arithmetic behind it; ``reasons`` say why it cannot be told."""

    label: Text
    at: datetime | None
    lines: tuple[Text, ...]
    reasons: tuple[Reason, ...] = ()

    @property
    def minute(self) -> datetime | None:
        """The moment, up to the next full minute, as a form takes it."""
        rounded = self.at and self.at.replace(second=0, microsecond=0)
        return rounded if rounded is None or rounded == self.at else rounded + timedelta(minutes=1)


def proposal(
    tender: Any, events: tuple[str, str], start: datetime, label: Text, at: time | None = OPENING_HOUR
) -> Proposal:
    """The earliest lawful moment of the second event, counted from ``start`` by every rule that binds the two.

    Args:
        at: local time of day that is proposed, on a day on which the center is open; None: the bare bound.
    """
    try:
        calendar = venues.calendar()
        lines = tuple(
            line
            for rule in rules.rules_between(law_of(tender), events)
            if rule.direction != "before"
            for line in clock.count(rule, start, calendar).arithmetic
        )
        return Proposal(label, rules.earliest(law_of(tender), events, start, at), lines)
    except YiwangError as error:
        return Proposal(label, None, (), error.reasons)


def deadline_after_clarification(tender: Any, now: datetime) -> Proposal:
    """The deadline that leaves enough time after a clarification issued now; the present one when it does."""
    label = Text("发布澄清后最早的投标截止时间", "earliest deadline after a clarification now")
    try:
        calendar = venues.calendar()
        found, lines = tender.deadline, []
        for rule in rules.rules_between(law_of(tender), rules.CLARIFICATION):
            if rule.hard:
                earliest = clock.earliest_after(rule, now, calendar)
                lines.append(Text(f"{rule.title.zh}（{rule.article}）", f"{rule.title.en} ({rule.cited.en})"))
                while found < earliest:
                    found = _same_hour(earliest, tender.deadline)
                lines += clock.count(rule, found, calendar).arithmetic
        return Proposal(label, found, tuple(lines))
    except YiwangError as error:
        return Proposal(label, None, (), error.reasons)


def _same_hour(day: datetime, pattern: datetime) -> datetime:
    local, hour = day.astimezone(LOCAL), pattern.astimezone(LOCAL)
    return local.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)
