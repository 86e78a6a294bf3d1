"""A dossier with deliveries in the grace verifies, in Python, in the browser's modules and independently; no lie in it does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.bids.conftest import FIRST, SECOND, THIRD, Floor
from tests.check.node import NODE, WHY_NOT, checked
from tests.verifier.forger import Rows, public_of, remade
from tests.verifier.independent.whole import verify as independently
from yiwang.kernel.canonical import digest
from yiwang.modules.evidence import dossier, sequencer
from yiwang.seal.commitment import commitments_root
from yiwang.verifier import verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(floor: Callable[..., Floor], tmp_path: Path) -> Path:
    """The first replaces in the grace, the second delivers before the deadline, the third's replacement never comes."""
    here = floor()
    here.submit(FIRST, 83_000_00)
    replacing = here.seal(FIRST, 79_000_00)
    here.commit(FIRST, replacing)
    second = here.seal(SECOND, 81_000_00)
    here.commit(SECOND, second)
    here.deliver(SECOND, second)
    here.submit(THIRD, 82_000_00)
    here.commit(THIRD, here.seal(THIRD, 80_000_00))
    here.life.close()
    here.after_deadline(minutes=3)
    here.deliver(FIRST, replacing)
    record = here.open()
    assert (len(record["bids"]), len(record["replaced"]), len(record["undelivered"])) == (3, 1, 1)
    sequencer.sequence_all()
    path = tmp_path / "graceful.zip"
    dossier.build(here.number, out=path)
    return path


def _last(rows: Rows, name: str) -> dict[str, Any]:
    return [row for row in rows if "act" in row and row["act"]["act"] == name][-1]


def _record(change: Callable[[dict[str, Any]], None]) -> Callable[[Rows], None]:
    """A change of the opening record, whose digest the forger mends."""

    def forge(rows: Rows) -> None:
        opened = public_of(rows, "opening.open")
        change(opened["record"])
        opened["record_sha256"] = digest(opened["record"])

    return forge


def _after_the_release(rows: Rows) -> None:
    came, released = _last(rows, "bid.deliver"), _last(rows, "opening.release_key")
    came["index"], released["index"] = released["index"], came["index"]


def _committed_late(rows: Rows) -> None:
    begun = _last(rows, "bid.commit")
    begun["index"] = max(row["index"] for row in rows) + 1


def _without_the_grace(rows: Rows) -> None:
    for name in ("tender.enter", "tender.publish"):
        public_of(rows, name).pop("upload_grace_minutes", None)


def _kept_from_opening(record: dict[str, Any]) -> None:
    """A bid that was delivered is told of as one that never came."""
    bid, fault = record["bids"].pop(), record["undelivered"][0]["fault"]
    record["undelivered"].append({**bid, "price": None, "fault": fault})


def _kept_out(rows: Rows) -> None:
    """The undelivered bid is taken out of the record and of the closing root as if it had never been."""
    opened, close = public_of(rows, "opening.open"), public_of(rows, "opening.close")
    gone = opened["record"].pop("undelivered")[0]
    close["commitments"].remove(gone["commitment"])
    close["bids_root"] = opened["record"]["bids_root"] = commitments_root(close["commitments"])
    close["count"] -= 1
    opened["record_sha256"] = digest(opened["record"])


LIES: dict[str, Callable[[Rows], None]] = {
    "a delivery after the grace": lambda rows: _last(rows, "bid.deliver")["act"].update(at="2026-03-25T00:00:00Z"),
    "a delivery after a key was released": _after_the_release,
    "a commitment behind the closing": _committed_late,
    "no grace was published": _without_the_grace,
    "another file was delivered": lambda rows: _last(rows, "bid.deliver")["act"]["public"].update(envelope_sha256="0" * 64),
    "another program sealed": lambda rows: _last(rows, "bid.deliver")["act"]["public"].update(client="other/1"),
    "a delivery is left out": lambda rows: rows.remove(_last(rows, "bid.deliver")),
    "a delivered bid was kept from the opening": _record(_kept_from_opening),
    "the missing one is left out": _record(lambda record: record.pop("undelivered")),
    "the missing one never was": _kept_out,
    "the replaced one is left out": _record(lambda record: record.pop("replaced")),
    "another replaced it": _record(lambda record: record["replaced"][0].update(by=record["bids"][0]["bid"] + "0")),
    "the replaced one is said to be missing": _record(
        lambda record: record["undelivered"].append(
            {**record["replaced"].pop(), "price": None, "fault": record["undelivered"][0]["fault"]}
        )
    ),
    "the center's fault": _record(lambda record: record["undelivered"][0]["fault"].update(whose="center")),
    "no fault": _record(lambda record: record["undelivered"][0]["fault"].update(cause="damaged")),
}


def test_the_dossier_verifies_and_tells_what_never_came(paper: Path) -> None:
    report = verify(paper)
    assert report.ok, report.plain()
    lines = {line.id: line for line in report.lines}
    assert "1 were replaced in the grace" in lines["closing"].details[0].en
    assert "the files of 1 never came" in lines["closing"].details[0].en
    assert any("did not open" in each.en and "had not come" in each.en for each in lines["opening"].details)
    assert list(independently(paper.read_bytes())) == []


def test_every_lie_is_named(paper: Path, tmp_path: Path) -> None:
    forged = {}
    for name, lie in LIES.items():
        folder = tmp_path / name.replace(" ", "-")
        folder.mkdir()
        forged[name] = remade(paper, folder, lie)
        report = verify(forged[name])
        assert {line.id for line in report.failed} & {"closing", "opening"}, (name, report.plain())
        assert not {line.id for line in report.failed} & {"archive", "checkpoint", "log"}, (name, report.plain())
        if name not in ("the center's fault",):
            assert list(independently(forged[name].read_bytes())) != [], name


@pytest.mark.skipif(NODE is None or bool(WHY_NOT), reason=WHY_NOT or "node is not on the path")
def test_the_browser_names_them_too(paper: Path, tmp_path: Path) -> None:
    files = [paper]
    for name, lie in LIES.items():
        folder = tmp_path / name.replace(" ", "-")
        folder.mkdir()
        files.append(remade(paper, folder, lie))
    (tmp_path / "node").mkdir()
    honest, *forged = checked(tmp_path / "node", [{"file": str(each)} for each in files])
    assert {honest["lines"]["record"], honest["lines"]["closing"]} == {"ok"}, honest
    for name, found in zip(LIES, forged, strict=True):
        assert "failed" in (found["lines"]["record"], found["lines"]["closing"]), (name, found)
