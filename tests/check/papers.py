"""A tender is played to its award in the database, which is as before afterwards; what its readers may take away is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import override_settings

FIRMS = [("海天建设有限公司", 83_400_00), ("宏远市政工程有限公司", 79_900_00), ("临江路桥有限公司", 91_250_00)]


@dataclass(frozen=True)
class Papers:
    """What readers hold: dossiers of two stages, a receipt of a tenderer, a proof of an entry, the log's keys."""

    number: str
    awarded: Path
    closed: Path
    receipt: Path
    proof: Path
    entry: str
    vkeys: str


def played(folder: Path, blocker: Any) -> Papers:
    """Play a tender and keep its papers in the folder."""
    log = override_settings(LOG_FOLDER=folder / "data" / "log", FILES_FOLDER=folder / "data" / "files")
    (folder / "data").mkdir()
    with blocker.unblock(), log, transaction.atomic():
        papers = _play(folder)
        transaction.set_rollback(True)
    return papers


def _play(folder: Path) -> Papers:
    from yiwang.demo.cast import engage
    from yiwang.demo.play import Play, Script
    from yiwang.demo.stage import Stage, local
    from yiwang.kernel import moment
    from yiwang.modules.evidence import dossier, selectors, sequencer
    from yiwang.modules.evidence.receipts import receipt_file
    from yiwang.tlog.proof import Proof

    stage = Stage(local(date(2026, 3, 2), 9))
    with moment.clock_at(stage):
        cast = engage(experts_per_discipline=7)
        play = Play(cast, stage, Script("城南污水管网改造工程", ceiling=100_000_00, budget=110_000_00, bids=FIRMS))
        papers = {name: folder / f"{name}.zip" for name in ("closed", "awarded")}
        for name, path in papers.items():
            play.until(name)
            sequencer.sequence_all()
            dossier.build(play.number, out=path)
        act = next(act for n in range(500) if (act := selectors.act_at(n)) and act.act == "bid.submit")
        (folder / "bid.tlog-proof").write_bytes(receipt_file(cast.tenderer(FIRMS[0][0]).actor, act))
        log = sequencer.the_log()
        log.tiles.reload()
        note = (Path(log.tiles.directory) / "checkpoint").read_bytes()
        proof = Proof(3, tuple(log.tiles.inclusion_proof(3)), note).format()
        (folder / "entry.tlog-proof").write_bytes(proof)
        entry = log.tiles.entry(3).hex()
    return Papers(play.number, papers["awarded"], papers["closed"], folder / "bid.tlog-proof",
                  folder / "entry.tlog-proof", entry, log.keys.vkeys_text())  # fmt: skip
