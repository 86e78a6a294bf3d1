"""Whole lives of tenders: each category, the log that gives them again, the amounts, the dossier that checks itself."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys import rounds
from yiwang.demo.play import Play
from yiwang.kernel import moment
from yiwang.modules.evidence import dossier, registry, sequencer
from yiwang.modules.evidence.actors import SYSTEM
from yiwang.modules.evidence.disclosure import disclose
from yiwang.modules.tenders import selectors as tenders
from yiwang.ui.formats import wan_text

WINNER = "江北建设集团"
ALONE = "import sys\nfor name in ('django', 'psycopg'): sys.modules[name] = None\nfrom yiwang.verifier.command import run\n"


@pytest.mark.promise("S034")
@pytest.mark.parametrize("category", ["works", "goods", "services"])
def test_a_tender_of_each_category_goes_from_entry_to_archive(category: str, play: Callable[..., Play], tmp_path: Path) -> None:
    played = play("archived", category=category)
    tender = played.tender
    assert tender.state == "archived"
    assert tender.award.tenderer.name == WINNER  # the lowest of those between minimum and ceiling
    assert tender.contract.content["price"] == 70_000_00
    assert tender.contract.registered_at
    done = {act.act for act in tender.acts.all()}
    assert done >= {step.act for step in tenders.law_of(tender).steps if step.target}
    rounds.verified(played.number, tmp_path)


def replayed(number: str) -> dict[str, Any]:
    """What the disclosed acts of a tender alone tell of it: each act's content in order, nothing else."""
    found: dict[str, Any] = {"state": "", "documents": [], "opened": {}}
    seats = signed = 0
    for shown in disclose(number).shown:
        content = shown.content
        act, public = content["act"], content["public"]
        target = registry.row_of(act).target
        if act == "draw.seat":
            seats = len(public["seats"])
        if act == "evaluation.sign_report":
            signed += 1
            target = target if signed == seats else ""
        if target in registry.TABLES["tender"].states:
            found["state"] = target
        if act in ("tender.publish", "clarification.answer"):
            found["deadline"] = public["deadline"]
        if act == "tender.publish":
            found |= {name: public[name] for name in ("title", "budget")}
            found["documents"] = [document["sha256"] for document in public["documents"]]
        if act == "opening.open":
            found["opened"] = {row["tenderer"]: row["price"] for row in public["record"]["bids"]}
        if act == "candidates.publicise":
            found["candidates"] = public["candidates"]
        if act == "award.notify":
            found["winner"] = (public["statement"]["tenderer"], public["statement"]["price"])
        if act == "contract.sign":
            found["contract"] = public["contract_sha256"]
    return found


@pytest.mark.promise("S089")
@pytest.mark.parametrize("until", ["evaluated", "archived"])
def test_a_tender_replayed_from_its_acts_is_in_the_same_state(until: str, play: Callable[..., Play]) -> None:
    played = play(until)
    other = play("tendering", title="另一个项目")
    sequencer.sequence_all()
    tender, found = tenders.tender(SYSTEM, played.number), replayed(played.number)
    assert (found["title"], found["budget"]) == (tender.title, tender.budget)
    assert found["deadline"] == moment.stamp(tender.deadline)
    assert found["documents"] == [document.sha256 for document in tender.documents.all()]
    assert found["opened"] == {bid.tenderer.uscc: bid.price for bid in tender.bids.all()}
    if until == "archived":
        assert found["state"] == tender.state
        assert found["candidates"] == tender.publicity.candidates
        assert found["winner"] == (tender.award.tenderer.uscc, tender.award.price)
        assert found["contract"] == tender.contract.sha256
    else:  # who sits in the committee is not public yet, so the public's replay ends at the opening
        assert found["state"] == "opened"
    assert {shown.content["subject"] for shown in disclose(other.number).shown} == {f"tender/{other.number}"}


@pytest.mark.promise("S008")
def test_amounts_are_fen_and_the_tracks_add_up(play: Callable[..., Play], program: Any) -> None:
    firms = [("一号公司", 150_000_000_33), ("二号公司", 160_000_000_00), ("三号公司", 170_000_000_00)]
    large = {"bids": firms, "ceiling": 200_000_000_00, "minimum": None, "budget": 200_000_000_00}
    numbers = [play("awarded", category=category, title=category, **large).number for category in ("works", "works", "goods")]
    rows = [program(None).get(f"/tenders/{number}") for number in numbers]
    prices = [row["award"]["price"] for row in rows]
    assert prices == [150_000_000_33] * 3
    assert all(type(price) is int for price in prices)
    assert '"price": 150000000.33' not in json.dumps(rows)
    by_track: dict[str, int] = {}
    for row in rows:
        by_track[row["category"]] = by_track.get(row["category"], 0) + row["award"]["price"]
    assert by_track == {"works": 300_000_000_66, "goods": 150_000_000_33}
    assert sum(by_track.values()) == sum(prices) == 450_000_000_99
    assert wan_text(sum(prices)) == "4.5000 亿元"  # only here, at display


@pytest.mark.promise("S037")
def test_one_changed_byte_fails_the_check_and_no_server_is_needed(play: Callable[..., Play], tmp_path: Path) -> None:
    played = play("archived")
    sequencer.sequence_all()
    whole = tmp_path / "whole.zip"
    dossier.build(played.number, out=whole)
    assert verified(whole) == 0
    with zipfile.ZipFile(whole) as archive:
        names = archive.namelist()
    assert len(names) > 8
    data = bytearray(whole.read_bytes())
    for number, place in enumerate(_places(whole)):
        damaged = tmp_path / f"damaged-{number}.zip"
        copy = bytearray(data)
        copy[place] ^= 1
        damaged.write_bytes(copy)
        assert verified(damaged) != 0, place


def _places(path: Path) -> list[int]:
    """A byte in the middle of the first, the largest and the last file's content."""
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
        chosen = {info.filename: info for info in (infos[0], max(infos, key=lambda each: each.compress_size), infos[-1])}
        return [info.header_offset + 30 + len(info.filename.encode()) + info.compress_size // 2 for info in chosen.values()]


def verified(path: Path) -> int:
    """Exit code of the verifier in a process of its own, without Django, database or settings."""
    code = f"{ALONE}import sys\nsys.exit(run([{str(path)!r}], as_json=True, policy=None))"
    done = subprocess.run([sys.executable, "-c", code], env={"PATH": "/usr/bin", "LANG": "C.UTF-8"}, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.returncode
