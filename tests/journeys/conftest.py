"""A stage with an accelerated clock, a cast, and plays on them; files and log in the test's own folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from yiwang.demo.cast import Cast, engage
from yiwang.demo.play import Play, Script
from yiwang.demo.stage import Stage, local
from yiwang.kernel import moment

BIDS = [("城东市政工程公司", 80_000_00), ("江北建设集团", 70_000_00), ("海门路桥公司", 50_000_00), ("临港工程公司", 90_000_00)]


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> None:
    """Log and files of this test alone."""
    settings.LOG_FOLDER = tmp_path / "log"
    settings.FILES_FOLDER = tmp_path / "files"


@pytest.fixture
def stage(transactional_db: None) -> Iterator[Stage]:
    """The accelerated clock; runs for the whole test."""
    clock = Stage(local(date(2026, 3, 2), 9))
    with moment.clock_at(clock):
        yield clock


@pytest.fixture
def cast(stage: Stage) -> Cast:
    """Everybody who plays."""
    return engage()


@pytest.fixture
def play(cast: Cast, stage: Stage) -> Callable[..., Play]:
    """``play("publicity", category="goods")``: a tender played until a state."""

    def played(state: str, **script: Any) -> Play:
        given = {"title": "城南污水管网改造工程", "ceiling": 100_000_00, "minimum": 60_000_00, "budget": 110_000_00,
                 "bids": BIDS, **script}  # fmt: skip
        return Play(cast, stage, Script(**given)).until(state)

    return played
