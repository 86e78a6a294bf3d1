"""The one source of "now". Production reads the machine's clock; replay, demo and tests may set another.

Time is aware and in UTC everywhere; the trading day is counted in :data:`LOCAL` (Asia/Shanghai).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")

Clock = Callable[[], datetime]


def _hardware() -> datetime:
    return datetime.now(UTC)


_machine: list[Clock] = [_hardware]


def machine() -> datetime:
    """What this machine's own clock says, aware, in UTC; a demo's or a replay's time is of no concern to other machines."""
    return _machine[0]().astimezone(UTC)


@contextmanager
def machine_clock(clock: Clock) -> Iterator[None]:
    """Run a block as if the machine's clock were another, in all threads of the process: to try what a wrong one does."""
    before, _machine[0] = _machine[0], clock
    try:
        yield
    finally:
        _machine[0] = before


_default: list[Clock] = [machine]
_override: ContextVar[Clock | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return (_override.get() or _default[0])().astimezone(UTC)


def set_default_clock(clock: Clock) -> None:
    """Set the clock of the whole process (the demo city's clock). Production never calls this."""
    _default[0] = clock


@contextmanager
def clock_at(clock: Clock | datetime) -> Iterator[None]:
    """Run a block under another clock, or at one fixed moment."""
    chosen: Clock = clock if callable(clock) else (lambda: clock)
    token = _override.set(chosen)
    try:
        yield
    finally:
        _override.reset(token)


def stamp(moment: datetime) -> str:
    """The form in which moments enter evidence: RFC 3339, UTC, whole seconds, ``Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_stamp(text: str) -> datetime:
    """Read what :func:`stamp` wrote; ValueError on any other form."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
