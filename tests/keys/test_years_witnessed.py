"""A tender whose life is witnessed, across new keys and across the new year: one dossier, both logs' witnesses count."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.test_witnessed_opening import patience
from tests.witness.quorum import Quorum, quorum  # noqa: F401  (fixture)
from yiwang.demo.play import Play
from yiwang.modules.evidence import audit, dossier, succession, witnessing, years
from yiwang.modules.evidence.sequencer import sequence_all, the_log
from yiwang.tlog import policy as policies
from yiwang.verifier.run import verify

NEXT = "evidence.example/next"


def witness_all() -> None:
    for _ in range(50):
        sequence_all()
        if witnessing.collect_once():
            return
    raise AssertionError(witnessing.states())


@pytest.mark.parametrize("year", [False, True], ids=["new keys", "new year"])
def test_a_witnessed_life_across_the_change(
    year: bool, quorum: Quorum, play: Callable[..., Play], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,  # noqa: F811
    settings: Any,
) -> None:  # fmt: skip
    with patience(monkeypatch):
        life = play("closed")
        witness_all()
        old = policies.parse(("".join(f"log {k}\n" for k in the_log().keys.vkeys()) + witnessing.policy_text()).encode())
        ended = years.ended_name(the_log().origin)
        prepared = succession.prepare(NEXT if year else "")
        act = succession.succeed(NEXT) if year else succession.rotate()
        assert the_log().keys.vkeys() == prepared.vkeys()
        if year:  # the old log ended under the witnesses' eyes
            note = (the_log().tiles.directory / "ended" / ended / "checkpoint").read_bytes()
            assert old.open(note).checkpoint.size == act.log_entry.index
        quorum.stop()
        for number in range(3):  # their operators have the new keys in their files
            quorum.start(number)
        life.until("opened")
    witness_all()
    dossier.build(life.number, out=tmp_path / "across.zip")
    report = verify(tmp_path / "across.zip")
    assert report.ok, report
    lines = {line.id: line for line in report.lines}
    assert lines["witnessed"].status == "ok", lines["witnessed"]
    with zipfile.ZipFile(tmp_path / "across.zip") as archive:
        vkeys = archive.read("log.vkeys").decode().splitlines()
        own = policies.parse(archive.read("policy"))
    assert vkeys[:2] == [str(key) for key in the_log().keys.vkeys()] and len(vkeys) == 4
    reader = policies.Policy(own.logs[:2], own.witnesses, own.groups, own.quorum)
    assert verify(tmp_path / "across.zip", reader).ok
    assert audit.run().ok
