"""What held tenders up, by cause and by whose side it lies on (row S031)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

from yiwang.kernel import moment
from yiwang.kernel.figures_law import Cause, figures_law
from yiwang.modules.openings.hall_law import hall_law
from yiwang.modules.reports import tenders_seen

PLATFORM = "center"
"""The side on which the platform's own delays lie."""


@dataclass(frozen=True, slots=True)
class Delay:
    """One delay of one tender."""

    tender: Any
    cause: Cause
    length: timedelta


@dataclass(frozen=True, slots=True)
class ByCause:
    """All delays of one cause: how many, in how many tenders, and their sum."""

    cause: Cause
    times: int
    tenders: int
    length: timedelta


def delays() -> list[Delay]:
    """Every delay of published tenders: moved deadlines, suspensions, postponed openings, pauses and incidents of the hall."""
    found = tenders_seen.published()
    moved = tenders_seen.acts("tender.publish", "clarification.answer")
    return [each for tender in found for each in (*_moved(tender, moved[tender.number]), *_suspended(tender), *_hall(tender))]


def by_cause() -> list[ByCause]:
    """Every known cause, those of the platform first, also where it never happened: zero is the figure that was promised."""
    groups: dict[str, list[Delay]] = defaultdict(list)
    for each in delays():
        groups[each.cause.key].append(each)
    rows = [
        ByCause(cause, len(groups[key]), len({each.tender.pk for each in groups[key]}), sum((e.length for e in groups[key]), timedelta()))
        for key, cause in causes().items()
    ]
    return sorted(rows, key=lambda row: (row.cause.whose != PLATFORM, -row.length))


def causes() -> dict[str, Cause]:
    """All causes by key; those of the hall's session carry the prefix ``hall.``."""
    hall = {f"hall.{key}": Cause(f"hall.{key}", each.whose, each.name) for key, each in hall_law().causes.items()}
    return {**figures_law().causes, **hall}


def _moved(tender: Any, acts: list[Any]) -> Iterator[Delay]:
    """Deadlines that a clarification moved."""
    for before, after in pairwise(acts):
        length = moment.from_stamp(after.public["deadline"]) - moment.from_stamp(before.public["deadline"])
        if length:
            yield Delay(tender, causes()["clarification"], length)


def _suspended(tender: Any) -> Iterator[Delay]:
    for each in tender.suspensions.all():
        yield Delay(tender, causes().get(each.kind, causes()["order"]), (each.until or moment.now()) - each.since)


def _hall(tender: Any) -> Iterator[Delay]:
    opening = getattr(tender, "opening", None)
    state = opening.hall if opening is not None else {}
    before = tender.deadline
    for each in state.get("postponed", ()):
        opens = moment.from_stamp(each["opens"])
        yield Delay(tender, causes().get(each["ground"], causes()["order"]), opens - before)
        before = opens
    for each in state.get("pauses", ()):
        if each["to"]:
            length = moment.from_stamp(each["to"]) - moment.from_stamp(each["from"])
            yield Delay(tender, causes()[f"hall.{each['cause']}"], length)
    for each in state.get("incidents", ()):
        yield Delay(tender, causes()[f"hall.{each['cause']}"], timedelta(minutes=each["minutes"]))
