"""All figures as they stand, counted together once and kept until something that they are counted from changes.

They change with open acts of tenders (not with bids before their opening, which must move nothing) and, by the minute, with
what lasts. A count that takes long is kept for a while even so: a busy center with many tenders does not count all day.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any

from django.db import connection

from yiwang.kernel import moment
from yiwang.kernel.figures_law import Policy
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.reports import coverage, cycle, delays, deviations, savings, tenders_seen
from yiwang.modules.reports.coverage import Coverage, Paperless
from yiwang.modules.reports.cycle import Cycle
from yiwang.modules.reports.delays import ByCause, Delay
from yiwang.modules.reports.deviations import Deviation
from yiwang.modules.reports.savings import Saved

LONG = 2.0
"""Seconds of a count from which on it is long."""
REST = 30
"""A long count is kept for so many times the seconds that it took."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Every figure of the pages and of the API; see the modules that count them. ``judged``: tenders whose course was judged."""

    saved: list[Saved]
    policies: list[tuple[Policy, int, int]]
    delays: list[Delay]
    causes: list[ByCause]
    cycles: list[Cycle]
    coverage: list[Coverage]
    paperless: list[Paperless]
    deviations: list[Deviation]
    judged: int


@dataclass(frozen=True, slots=True)
class _Kept:
    stand: tuple[Any, ...]
    until: float
    figures: Figures


_kept: dict[str, _Kept] = {}
_lock = Lock()


def figures() -> Figures:
    """The figures as they stand now."""
    database = str(connection.settings_dict["NAME"])
    with _lock:  # whoever comes while they are counted waits for that count
        stand = (evidence.newest_open(), int(moment.now().timestamp() // 60))
        kept, began = _kept.get(database), monotonic()
        if kept is not None and (kept.stand == stand or began < kept.until):
            return kept.figures
        made = _counted()
        took = monotonic() - began
        _kept[database] = _Kept(stand, monotonic() + (took * REST if took > LONG else 0), made)
        return made


def forget() -> None:
    """What is kept holds no longer: something was changed past the door."""
    with _lock:
        _kept.clear()


def _counted() -> Figures:
    with tenders_seen.once():
        return Figures(
            saved=savings.saved(), policies=savings.totals(), delays=delays.delays(), causes=delays.by_cause(), cycles=cycle.cycles(),
            coverage=coverage.coverage(), paperless=coverage.paperless(), deviations=deviations.deviations(),
            judged=len(deviations.judged()),
        )  # fmt: skip
