"""Auctions replayed for real: every step, sealed bids, dossier, verdict beside the record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from yiwang.demo.play import Play
from yiwang.demo.replay import one
from yiwang.demo.replay import run as runs
from yiwang.kernel.errors import BadInput
from yiwang.modules.evidence.actors import SYSTEM
from yiwang.modules.tenders import selectors as tenders
from yiwang.verifier import verify

from .conftest import auction, line

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_auction_of_each_kind(data: Path, table) -> None:
    """A table with one auction of each kind, played once, and looked at from all sides."""
    path = table(
        *auction("1", ["650", "800", "900", "1100"], winner=1),
        *auction("2", ["800", "800", "900"], winner=1),
        *auction("3", ["800", "810"]),
        *auction("4", ["650", "660", "1010"], winner=None),
        line("5", "a", "800"), line("5", "b", "-1"),
        line("6", "a", "800"), line("6", "a", "790"),
        *auction("7", ["800", "810", "820"], winner=None),
        *auction("8", ["800", "810", "820"], minprice="2000"),
        below="2010,9,short\r\n",
    )  # fmt: skip
    run = runs.begin(path, data / "out")
    list(run.play())
    summary = run.summary()
    rows = {row["auction"].removeprefix("2010/"): row for row in summary["results"]}
    _classes_and_reasons(rows)
    _dossiers(run, rows)
    _faults(rows)
    assert (summary["unexplained"], runs.sound(summary)) == (0, True)
    assert json.loads(json.dumps(summary)) == summary


def _classes_and_reasons(rows: dict[str, dict]) -> None:
    assert {key: row["class"] for key, row in rows.items()} == {
        "1": "agree", "2": "tie", "3": "too_few_bids", "4": "all_rejected", "5": "faulty_data", "6": "faulty_data",
        "7": "no_recorded_winner", "8": "faulty_data", "9": "faulty_data",
    }  # fmt: skip
    assert all(row["why"]["zh"] and row["why"]["en"] for row in rows.values() if row["class"] != "agree")
    assert (rows["1"]["ours"]["bidder"], rows["1"]["ours"]["price"]) == ("b", 80_000)
    assert (rows["3"]["state"], rows["3"]["ours"]) == ("failed", None)
    assert "28" in rows["3"]["why"]["zh"]
    assert "之一" in rows["2"]["why"]["zh"]


def _dossiers(run: runs.Run, rows: dict[str, dict]) -> None:
    """Failed tenders have dossiers too, and each verifies; the tender keeps what the record says."""
    played = [row for row in rows.values() if row["tender"]]
    assert run.summary()["dossiers"] == {"built": 5, "verified": 5}
    for row in played:
        assert verify(run.out / "dossiers" / row["dossier"]["file"]).ok
        tender = tenders.tender(SYSTEM, row["tender"])
        assert "2010-05-10" in tender.description
        assert "JPY" in tender.description
        assert 2019 <= tender.deadline.year <= 2025


def _faults(rows: dict[str, dict]) -> None:
    """Each names line, field and rule; nothing half-done is left of the auction."""
    assert [(f["line"], f["field"], f["rule"]) for f in rows["5"]["faults"]] == [(15, "bid", "price.positive")]
    assert [(f["line"], f["field"], f["rule"]) for f in rows["6"]["faults"]] == [(17, "bidder_id", "bid.duplicate")]
    assert "最低限价高于最高投标限价" in rows["8"]["why"]["zh"]
    assert tenders.visible_to(SYSTEM).count() == 5


def test_an_interrupted_run_goes_on(data: Path, table, monkeypatch) -> None:
    """Killed in the midst of the second auction: resumed, the half tender is terminated and the auction played anew."""
    path = table(*auction("1", ["800", "810", "820"]), *auction("2", ["800", "810", "820"]), *auction("3", ["800", "810", "820"]))
    run = runs.begin(path, data / "out")
    number = 0

    def die(self: Play) -> None:
        nonlocal number
        number += 1
        if number == 2:
            raise KeyboardInterrupt
        real(self)

    real = Play.confirm
    from yiwang.demo import play

    monkeypatch.setitem(play.HANDS, "opening.confirm", die)
    with pytest.raises(KeyboardInterrupt):
        list(run.play())
    monkeypatch.setitem(play.HANDS, "opening.confirm", Play.confirm)
    assert list(run.done) == ["2010/1"]
    with (data / "out" / runs.RESULTS).open("a") as file:
        file.write('{"auction": "2010/2", "cla')  # a line that the crash cut short
    again = runs.begin(path, data / "out", resume=True)
    assert list(again.done) == ["2010/1"]
    assert [row["auction"] for row in again.play()] == ["2010/2", "2010/3"]
    assert again.summary()["classes"] == {"agree": 3}
    states = sorted(tenders.visible_to(SYSTEM).values_list("state", flat=True))
    assert states == ["archived", "archived", "archived", "terminated"]


def test_a_tender_past_its_award_is_continued(data: Path, table) -> None:
    path = table(*auction("1", ["800", "810", "820"]))
    run = runs.begin(path, data / "out")
    cast = runs.enlist(run.setting, runs.keys_folder(), run.auctions)
    first = Play(cast, one.Stage(one.local(one.anchored(run.auctions[0].held), 9)), one.script_of(run.auctions[0], run.setting))
    first.until("awarded")
    (row,) = run.play()
    assert (row["tender"], row["class"], row["dossier"]["ok"]) == (first.number, "agree", True)


def test_resuming_needs_the_same_files(data: Path, table) -> None:
    path = table(*auction("1", ["800", "810"]))
    with pytest.raises(BadInput, match="没有可以继续"):
        runs.begin(path, data / "out", resume=True)
    list(runs.begin(path, data / "out").play())
    path.write_text(path.read_text() + "\n")
    with pytest.raises(BadInput):
        runs.begin(path, data / "out", resume=True)


def test_real_auctions_agree(data: Path, real_table: Path) -> None:
    run = runs.begin(real_table, data / "out", limit=4)
    list(run.play())
    assert run.summary()["classes"] == {"agree": 4}
    assert runs.sound(run.summary())


def test_two_firms_of_one_name_are_told_apart(table) -> None:
    path = table(line("1", "x", "800", bidder="Same"), line("1", "y", "810", bidder="Same"), line("1", "z", "820", bidder="Other"))
    found = runs.table.read(path, runs.mappings.read(runs.mappings.default_path()))
    assert runs.names_of(found) == {"x": "Same〔x〕", "y": "Same〔y〕", "z": "Other"}
