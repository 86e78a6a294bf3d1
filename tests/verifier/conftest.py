"""One tender is played through its whole life, once for all tests here; a dossier is kept of every stage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from yiwang.kernel import moment

STAGES = ("tendering", "closed", "opened", "evaluating", "evaluated", "publicity", "awarded", "contracted", "archived")
FIRMS = [("海天建设有限公司", 83_400_00), ("宏远市政工程有限公司", 79_900_00), ("临江路桥有限公司", 91_250_00),
         ("东浦建工有限公司", 58_000_00)]  # fmt: skip
@dataclass(frozen=True)
class Played:
    """Dossiers by stage, each for the public unless named otherwise, and the folder they lie in."""

    number: str
    folder: Path

    def at(self, stage: str) -> Path:
        """The dossier of a stage."""
        return self.folder / f"{stage}.zip"


def _script(title: str, bids: list[tuple[str, int]], formula: dict[str, Any] | None = None) -> Any:
    from yiwang.demo.play import Script

    return Script(title, ceiling=100_000_00, minimum=60_000_00, budget=110_000_00, bids=bids, formula=formula)


def _scored() -> dict[str, Any]:
    from yiwang.kernel.formula_book import template

    return template("comprehensive_score").examples[0].formula


@pytest.fixture(scope="session")
def played(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The dossiers of a tender's life; the database is as before afterwards."""
    folder = tmp_path_factory.mktemp("dossiers")
    data = tmp_path_factory.mktemp("data")
    with django_db_blocker.unblock(), override_settings(LOG_FOLDER=data / "log", FILES_FOLDER=data / "files"), transaction.atomic():
        number = _play(folder)
        transaction.set_rollback(True)
    yield Played(number, folder)


def _play(folder: Path) -> str:
    from yiwang.demo.cast import engage
    from yiwang.demo.play import Play
    from yiwang.demo.stage import Stage, local
    from yiwang.modules.evidence import dossier, sequencer

    stage = Stage(local(date(2026, 3, 2), 9))
    with moment.clock_at(stage):
        cast = engage()
        play = Play(cast, stage, _script("城南污水管网改造工程", FIRMS))
        for name in STAGES:
            play.until(name)
            sequencer.sequence_all()
            dossier.build(play.number, out=folder / f"{name}.zip")
        dossier.build(play.number, cast.supervisor.actor, out=folder / "supervisor.zip")
        other = Play(cast, stage, _script("城北泵站设备安装工程", FIRMS, _scored()))
        other.until("archived")
        dossier.build(other.number, out=folder / "scored.zip")
        stage.to(local(date(2026, 6, 1), 9))
        few = Play(cast, stage, _script("投标人不足的工程", FIRMS[:2]))
        few.until("archived")
        sequencer.sequence_all()
        dossier.build(few.number, out=folder / "failed.zip")
    return play.number
