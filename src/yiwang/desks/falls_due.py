"""What the statutory clock says of somebody's tenders: what falls due on which day, by which rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yiwang.desks import bounds, work
from yiwang.kernel import clock
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor, roles_towards
from yiwang.modules.venues import selectors as venues

LIVING = ("draft", "tendering", "closed", "opened", "evaluating", "evaluated", "admitted", "publicity", "awarded", "contracted")
MOST = 500
"""Living tenders looked at for one list, the newest first."""

_PART = {"bidder": "tenderer", "supplier": "tenderer"}


@dataclass(frozen=True)
class Falls:
    """Something that falls due.

    Attributes:
        at: the moment. latest: True when it is the last lawful moment of an act still to be done; False when it is the
            moment at which something happens (bids close, a publicity ends).
        mine: the reader is among those who must act.
    """

    tender: Any
    step: clock.Step
    at: datetime
    latest: bool
    mine: bool

    @property
    def what(self) -> Text:
        """The step, and whether it must be done by then."""
        name = self.step.name
        return Text(f"{name.zh}（最迟）", f"{name.en} (at the latest)") if self.latest else name

    @property
    def articles(self) -> tuple[str, ...]:
        """The articles of the rules that set the date, or of the step."""
        found = tuple(dict.fromkeys(due.rule.article for due in self.step.dues))
        return found or self.step.step.articles


def of(tender: Any, actor: Actor, calendar: clock.Calendar, staffed: dict[date, str]) -> Iterator[Falls]:
    """What is still to come of a tender and has a date: moments that are fixed, and last lawful moments of open acts.

    Until when others must act is told to the tender's hosts, the center and the supervisor only: it would betray when
    secret steps were done.
    """
    hosts = actor.duty in ("center", "supervisor")
    roles = {_PART.get(role, role) for role in roles_towards(actor, tender)}
    for step in bounds.steps(tender, calendar, staffed):
        row = step.step
        if tender.state not in row.states:
            continue
        mine = bool(roles.intersection(row.actors))
        told = mine or hosts or bool(roles.intersection(("buyer", "agency")))
        if step.status == "planned" and step.at is not None:
            yield Falls(tender, step, step.at, False, mine)
        elif told and step.at is None and step.latest is not None and row.kind != "optional":
            yield Falls(tender, step, step.latest, True, mine)


def all_of(actor: Actor, rows: Iterable[Any] | None = None) -> list[Falls]:
    """What falls due in the reader's tenders, the soonest first.

    Args:
        rows: the tenders; None: those in which the reader has a part, for center and supervisor all.
    """
    if rows is None:
        found = work.mine(actor).filter(state__in=LIVING)
        rows = found.prefetch_related("suspensions", "objections", "custodians")[:MOST]
    calendar, staffed = venues.calendar(), venues.staffed()
    falls: list[Falls] = []
    for tender in rows:
        try:
            falls += of(tender, actor, calendar, staffed)
        except YiwangError:  # a clock that cannot be counted now says so on the tender's own page
            continue
    return sorted(falls, key=lambda each: each.at)


def on_day(falls: Iterable[Falls], day: date) -> list[Falls]:
    """What falls due on that day."""
    return [each for each in falls if clock.day_of(each.at) == day]
