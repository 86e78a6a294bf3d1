"""Acts whose time has come: every source is asked, one that fails keeps no other waiting."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest

from yiwang.site import due

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def test_all_sources_are_asked_and_a_failing_one_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[datetime] = []

    def good(now: datetime) -> int:
        asked.append(now)
        return 2

    def broken(now: datetime) -> int:
        raise RuntimeError("out of order")

    monkeypatch.setattr(due, "SOURCES", [good, broken, good])
    with caplog.at_level(logging.ERROR):
        assert due.run_due(NOON) == 4
    assert asked == [NOON, NOON]
    assert "broken" in caplog.text
    assert "out of order" in caplog.text
