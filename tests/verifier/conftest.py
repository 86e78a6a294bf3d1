"""One tender is played through its whole life, once for all tests here; a dossier is kept of every stage."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from tests.kept import kept
from tests.witness import conftest as witness_folders
from tests.witness import quorum as three_witnesses
from yiwang.demo.stage import local
from yiwang.kernel import moment

STAGES = ("tendering", "closed", "opened", "evaluating", "evaluated", "publicity", "awarded", "contracted", "archived")
FIRMS = [("海天建设有限公司", 83_400_00), ("宏远市政工程有限公司", 79_900_00), ("临江路桥有限公司", 91_250_00),
         ("东浦建工有限公司", 58_000_00)]  # fmt: skip

MORE = [(f"第{n}工程有限公司", 80_000_00 + n * 1_100_00) for n in range(1, 5)]
"""With these there are eight bids: the size of dossier whose time is measured."""

LIVES_FROM = [Path(__file__), Path(__file__).with_name("lives.py"), Path(witness_folders.__file__), Path(three_witnesses.__file__)]
"""The test files that decide what the dossiers hold."""


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
def played(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The dossiers of a tender's life, played once for this code; the database is as before afterwards."""

    def make(folder: Path) -> None:
        data = tmp_path_factory.mktemp("data")
        with (
            django_db_blocker.unblock(),
            override_settings(LOG_FOLDER=data / "log", FILES_FOLDER=data / "files"),
            transaction.atomic(),
        ):
            (folder / "number").write_text(_play(folder))
            witnessed_life(folder, data)
            transaction.set_rollback(True)

    folder = kept("dossiers", make, *LIVES_FROM)
    return Played((folder / "number").read_text(), folder)


def _play(folder: Path) -> str:
    from yiwang.demo.cast import engage
    from yiwang.demo.play import Play
    from yiwang.demo.stage import Stage
    from yiwang.kernel.errors import NotVisible
    from yiwang.modules.evidence import dossier, sequencer
    from yiwang.modules.evidence.actors import PUBLIC

    stage = Stage(local(date(2026, 3, 2), 9))
    with moment.clock_at(stage):
        cast = engage()
        play = Play(cast, stage, _script("城南污水管网改造工程", FIRMS))
        play.until("draft")
        play.prepare()
        sequencer.sequence_all()
        with pytest.raises(NotVisible):
            dossier.build(play.number, out=folder / "draft.zip")
        dossier.build(play.number, play.host.actor, out=folder / "draft-host.zip")
        play.publish()
        for name in STAGES:
            play.until(name)
            sequencer.sequence_all()
            dossier.build(play.number, out=folder / f"{name}.zip")
            dossier.build(
                play.number,
                cast.tenderers[FIRMS[0][0]].actor if cast.tenderers else PUBLIC,
                out=folder / f"{name}-tenderer.zip",
            )
            dossier.build(play.number, cast.supervisor.actor, out=folder / f"{name}-supervisor.zip")
        dossier.build(play.number, out=folder / "again.zip")
        other = Play(cast, stage, _script("城北泵站设备安装工程", [*FIRMS, *MORE], _scored()))
        other.until("archived")
        dossier.build(other.number, out=folder / "scored.zip")
        stage.to(local(date(2026, 6, 1), 9))
        _other_lives(cast, stage, folder)
    return play.number


def witnessed_life(folder: Path, data: Path) -> None:
    """A life in which three witnesses cosign, and what must wait for two of them waits; the policy lies beside the dossier.

    The worker's part (sequence, then collect) is done whenever somebody comes to the door with an act that waits.
    """
    from tests.witness.quorum import Quorum
    from yiwang.demo.cast import engage
    from yiwang.demo.stage import Stage
    from yiwang.modules.evidence import dossier, permits, sequencer, witnessing

    from .lives import eventful

    quorum, judge = Quorum(data / "witnesses"), permits.judge

    def after_the_worker(row: Any, *rest: Any) -> Any:
        if witnessing.waits(row.act):
            sequencer.sequence_all()
            assert witnessing.collect_once()
        return judge(row, *rest)

    stage = Stage(local(date(2026, 3, 2), 9))
    with moment.clock_at(stage), override_settings(WITNESS_POLICY=quorum.policy), pytest.MonkeyPatch.context() as patch:
        patch.setattr(permits, "judge", after_the_worker)
        play = eventful(engage(), stage, _script("有见证人的工程", FIRMS))
        sequencer.sequence_all()
        witnessing.collect_once()
        dossier.build(play.number, out=folder / "witnessed.zip")
    quorum.stop()
    with zipfile.ZipFile(folder / "witnessed.zip") as archive:
        (folder / "own.policy").write_bytes(archive.read("policy"))


def _other_lives(cast: Any, stage: Any, folder: Path) -> None:
    """Lives that end early, and one in which more happens."""
    from yiwang.bench import dossiers
    from yiwang.demo.play import Play
    from yiwang.modules.evidence import dossier, sequencer
    from yiwang.modules.tenders import acts as tenders

    from .lives import eventful

    few = Play(cast, stage, _script("投标人不足的工程", FIRMS[:2]))
    few.until("archived")
    dear = Play(cast, stage, _script("全部超限价的工程", [(firm, price + 100_000_00) for firm, price in FIRMS]))
    dear.until("archived")
    ended = Play(cast, stage, _script("终止的工程", FIRMS)).until("tendering")
    tenders.terminate(actor=cast.buyer.actor, tender=ended.number, reason="资金计划调整")
    stage.to(local(date(2026, 8, 3), 9))
    rich = eventful(cast, stage, _script("波折的工程", FIRMS))
    sequencer.sequence_all()
    dossiers.large(folder, bids=3, seats={"technical": 4, "economic": 3}, cast=cast)
    for name, life in (("failed", few), ("rejected", dear), ("terminated", ended), ("eventful", rich)):
        dossier.build(life.number, out=folder / f"{name}.zip")
