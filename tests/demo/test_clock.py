"""The demo's clock and the stage's: never in production, never back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from yiwang.demo import clock
from yiwang.demo.stage import Stage
from yiwang.kernel import moment
from yiwang.kernel.errors import BadInput, Refused

WHEN = datetime(2026, 4, 13, 2, 0, tzinfo=UTC)


def test_production_takes_no_other_clock(data, settings) -> None:
    settings.PRODUCTION = True
    for attempt in (clock.install, lambda: clock.set_to(WHEN), lambda: clock.advance(seconds=1), lambda: Stage(WHEN)):
        with pytest.raises(Refused, match="生产"):
            attempt()
    assert not clock.path().exists()


def test_production_plays_no_replay(data, settings) -> None:
    from yiwang.demo import city

    settings.PRODUCTION = True
    for attempt in (city.load, city.reset):
        with pytest.raises(Refused):
            attempt()


def test_it_runs_on_from_where_it_was_set(data) -> None:
    clock.set_to(WHEN)
    assert timedelta() <= clock.now() - WHEN < timedelta(seconds=5)


def test_a_running_process_sees_the_change(data, monkeypatch) -> None:
    monkeypatch.setattr(moment, "_default", list(moment._default))
    clock.set_to(WHEN)
    clock.install()
    assert abs(moment.now() - WHEN) < timedelta(seconds=5)
    clock.advance(to=clock.parsed("2026-05-06T09:30"))
    assert abs(moment.now() - datetime(2026, 5, 6, 1, 30, tzinfo=UTC)) < timedelta(seconds=5)


def test_it_never_runs_back(data) -> None:
    clock.set_to(WHEN)
    with pytest.raises(BadInput):
        clock.advance(to=WHEN - timedelta(days=1))
    assert clock.now() >= WHEN


def test_a_moment_is_read_as_local_time() -> None:
    assert clock.parsed("2026-05-06").astimezone(UTC) == datetime(2026, 5, 6, 1, 0, tzinfo=UTC)
    with pytest.raises(BadInput):
        clock.parsed("tomorrow")
