"""What the statutory clock says of somebody's tenders: what falls due on which day, by which rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Func, Max, QuerySet, TextField
from django.db.models.functions import Cast

from yiwang.desks import bounds, work
from yiwang.kernel import clock, moment
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor, roles_towards
from yiwang.modules.venues import selectors as venues

LIVING = ("draft", "tendering", "closed", "opened", "evaluating", "evaluated", "admitted", "publicity", "awarded", "contracted")
CHUNK = 500
"""Tenders read at a time."""
MOST_KEPT = 50_000

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


@dataclass(frozen=True, slots=True)
class _Dated:
    """A step of a tender that has a moment, whoever asks and whenever: counted once until the tender changes."""

    step: clock.Step
    at: datetime
    latest: bool


_kept: dict[tuple[str, Any], tuple[Any, list[_Dated]]] = {}
"""By database and tender: how the tender stood, and its dated steps then. The clock needs nothing else (but the calendar)."""


def forget() -> None:
    """What is kept holds no longer: something was changed past the door."""
    _kept.clear()


def of(tender: Any, actor: Actor, dated: Iterable[_Dated]) -> Iterator[Falls]:
    """What is still to come of a tender and has a date: moments that are fixed, and last lawful moments of open acts.

    Until when others must act is told to the tender's hosts, the center and the supervisor only: it would betray when
    secret steps were done.
    """
    hosts = actor.duty in ("center", "supervisor")
    roles = {_PART.get(role, role) for role in roles_towards(actor, tender)}
    for each in dated:
        mine = bool(roles.intersection(each.step.step.actors))
        told = mine or hosts or bool(roles.intersection(("buyer", "agency")))
        if told or not each.latest:
            yield Falls(tender, each.step, each.at, each.latest, mine)


def all_of(actor: Actor, rows: Iterable[Any] | None = None, until: datetime | None = None) -> list[Falls]:
    """What falls due in the reader's tenders, the soonest first.

    Args:
        rows: the tenders; None: those in which the reader has a part, for center and supervisor all.
        until: what lies later is left out, so that tenders of which nothing is due soon are not read at all.
    """
    calendar, staffed, now = venues.calendar(), venues.staffed(), moment.now()
    if rows is not None:
        return _sorted(_falls(((each, _dated(each, calendar, staffed)) for each in rows), actor, now, until))
    own = work.mine(actor).filter(state__in=LIVING)
    stands = _stands(own, calendar, staffed)
    name = connection.settings_dict["NAME"]
    for each in _read(own, [pk for pk, stand in stands.items() if _kept.get((name, pk), (None,))[0] != stand]):
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[name, each.pk] = (stands[each.pk], _dated(each, calendar, staffed))
    known = {pk: _kept[name, pk][1] for pk in stands if (name, pk) in _kept}
    soon = [pk for pk, dated in known.items() if any(_comes(each, now, until) for each in dated)]
    return _sorted(_falls(((each, known[each.pk]) for each in _read(own, soon)), actor, now, until))


def _stands(own: QuerySet[Any], calendar: clock.Calendar, staffed: dict[date, str]) -> dict[Any, Any]:
    """How each tender stands, by key: when nothing of it has changed its clock says the same again."""
    around = (hash(frozenset(staffed.items())), hash(frozenset(calendar.closures)))
    plain = own.order_by().annotate(noted=Func(Cast("events", TextField()), function="md5")).values_list(*PLAIN)
    found: dict[Any, tuple[Any, ...]] = {pk: (*around, *rest) for pk, *rest in plain}
    for name, *fields in (("suspensions", "until"), ("objections", "answered_at", "withdrawn_at")):
        last = {field: Max(f"{name}__{field}") for field in fields}
        for pk, *rest in own.order_by().values_list("pk").annotate(number=Count(name), **last).filter(number__gt=0):
            if pk in found:
                found[pk] = (*found[pk], name, *rest)
    return found


PLAIN = ("pk", "state", "procedure", "procedure_version", "noted", "still_until")


def _read(own: QuerySet[Any], keys: list[Any]) -> Iterator[Any]:
    for start in range(0, len(keys), CHUNK):
        yield from own.filter(pk__in=keys[start : start + CHUNK]).prefetch_related("suspensions", "objections", "custodians")


def _dated(tender: Any, calendar: clock.Calendar, staffed: dict[date, str]) -> list[_Dated]:
    try:
        steps = bounds.steps(tender, calendar, staffed)
    except YiwangError:  # a clock that cannot be counted now says so on the tender's own page
        return []
    here = [each for each in steps if tender.state in each.step.states]
    fixed = [_Dated(each, each.at, False) for each in here if each.at is not None]
    return fixed + [
        _Dated(each, each.latest, True) for each in here if each.at is None and each.latest is not None and each.step.kind != "optional"
    ]


def _falls(
    rows: Iterable[tuple[Any, list[_Dated]]], actor: Actor, now: datetime, until: datetime | None
) -> Iterator[Falls]:
    for tender, dated in rows:
        yield from of(tender, actor, [each for each in dated if _comes(each, now, until)])


def _comes(each: _Dated, now: datetime, until: datetime | None) -> bool:
    return (until is None or each.at <= until) and (each.latest or each.at > now)


def _sorted(falls: Iterable[Falls]) -> list[Falls]:
    return sorted(falls, key=lambda each: each.at)

