"""A dossier of any stage verifies; what is not there yet is said to be not yet; a remade log does not hide a wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwang.kernel.canonical import digest
from yiwang.kernel.text import language
from yiwang.seal.commitment import commitments_root
from yiwang.verifier import FAILED, LATER, OK, Unreadable, verify
from yiwang.verifier.catalogue import CHECKS

from .conftest import STAGES, Played
from .forger import Rows, public_of, remade

pytestmark = pytest.mark.django_db
READERS = "", "-tenderer", "-supervisor"


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("stage", STAGES)
def test_verifies_at_every_stage(played: Played, stage: str, reader: str) -> None:
    report = verify(played.at(stage + reader))
    assert report.ok, report.plain()
    assert [line.id for line in report.lines] == ["archive", "checkpoint", "policy", *(check.id for check in CHECKS)]


@pytest.mark.parametrize("name", ["draft-host", "scored", "failed", "rejected", "terminated", "eventful", "3-bids"])
def test_verifies_other_lives(played: Played, name: str) -> None:
    report = verify(played.at(name))
    assert report.ok, report.plain()

OF_OTHERS = {"admission", "invitation", "coefficient", "vote", "talks", "settled", "source", "framework", "remedies", "stillness"}
"""Checks of what an open tender without incident does not have."""


def test_says_what_is_not_yet(played: Played) -> None:
    status = {stage: {line.id: line.status for line in verify(played.at(stage)).lines} for stage in STAGES}
    assert {status["tendering"][name] for name in ("closing", "opening", "draw", "ranking", "award", "contract")} == {
        LATER
    }
    assert (status["closed"]["closing"], status["closed"]["opening"]) == (LATER, LATER), "it tells how many bid"
    assert (status["opened"]["closing"], status["opened"]["opening"], status["opened"]["signatures"]) == (OK, OK, LATER)
    assert (status["evaluating"]["signatures"], status["evaluating"]["draw.list"]) == (OK, OK)
    assert (status["evaluated"]["ranking"], status["publicity"]["ranking"]) == (LATER, OK)
    assert (status["publicity"]["draw"], status["awarded"]["draw"], status["awarded"]["committee"]) == (LATER, OK, OK)
    assert (status["awarded"]["contract"], status["contracted"]["contract"]) == (LATER, OK)
    assert {name for name, found in status["archived"].items() if found != OK} == {"private", "failure", "witnessed", *OF_OTHERS}
    failed = {line.id: line.status for line in verify(played.at("failed")).lines}
    assert (failed["failure"], failed["closing"], failed["opening"]) == (OK, OK, LATER)


def test_scores_wait_for_the_sheets(played: Played) -> None:
    """With criteria the ranking can be recomputed from the award on, when the sheets are public."""
    ranking = next(line for line in verify(played.at("scored")).lines if line.id == "ranking")
    assert ranking.status == OK and "computed again" in ranking.details[0].en


def test_the_report_names_what_remains_a_matter_of_trust(played: Played) -> None:
    text = verify(played.at("archived")).plain()
    assert "以下仍需信任" in text and "没有见证人签名" in text
    token = language.set("en")
    assert "no witness cosigned" in verify(played.at("archived")).plain()
    language.reset(token)
    value = json.loads(json.dumps(verify(played.at("archived")).json()))
    assert value["ok"] and len(value["trust"]) >= 5


# --- somebody who holds the log's key makes the whole log anew, so that every proof and signature of it is right --------


def test_an_honest_log_made_anew_verifies(played: Played, tmp_path: Path) -> None:
    report = verify(remade(played.at("publicity"), tmp_path, lambda rows: None))
    assert report.ok, report.plain()


def _late(rows: Rows) -> None:
    _first(rows, "bid.submit")["index"] = max(row["index"] for row in rows) + 1


def _first(rows: Rows, name: str) -> dict[str, Any]:
    return next(row for row in rows if "act" in row and row["act"]["act"] == name)


def _record(rows: Rows) -> dict[str, Any]:
    record: dict[str, Any] = public_of(rows, "opening.open")["record"]
    return record


def _mend_record(rows: Rows) -> None:
    public = public_of(rows, "opening.open")
    public["record_sha256"] = digest(public["record"])


def _cheaper(rows: Rows) -> None:
    _record(rows)["bids"][0]["price"] -= 100
    _mend_record(rows)


def _left_out(rows: Rows) -> None:
    gone = _record(rows)["bids"].pop(0)
    rows.remove(next(row for row in rows if "act" in row and row["act"]["subject"] == gone["bid"]))
    _mend_record(rows)


def _slipped_in(rows: Rows) -> None:
    close = public_of(rows, "opening.close")
    close["commitments"].pop()
    close["count"] -= 1
    close["bids_root"] = _record(rows)["bids_root"] = commitments_root(close["commitments"])
    _mend_record(rows)


def _declared_void(rows: Rows) -> None:
    _record(rows)["bids"][0] |= {
        "price": None,
        "fault": {"cause": "damaged", "whose": "tenderer", "zh": "坏", "en": "bad"},
    }
    _mend_record(rows)


def _other_winner(rows: Rows) -> None:
    public = public_of(rows, "evaluation.conclude")
    results = public["report"]["ranking"]["results"]
    results[0]["rank"], results[1]["rank"] = 2, 1
    results[0], results[1] = results[1], results[0]
    public["report"]["ranking"]["winner"] = results[0]["bid"]
    public["report"]["candidates"][0], public["report"]["candidates"][1] = (
        public["report"]["candidates"][1],
        public["report"]["candidates"][0],
    )
    public["report"]["candidates"][0]["rank"], public["report"]["candidates"][1]["rank"] = 1, 2
    _mend_report(rows)


def _mend_report(rows: Rows) -> None:
    public = public_of(rows, "evaluation.conclude")
    public["report_sha256"] = digest(public["report"])
    public_of(rows, "candidates.publicise").update(
        candidates=public["report"]["candidates"], report_sha256=public["report_sha256"]
    )


def _one_candidate(rows: Rows) -> None:
    public_of(rows, "candidates.publicise")["candidates"].pop()


def _other_formula(rows: Rows) -> None:
    public_of(rows, "evaluation.conclude")["report"]["formula"]["price"]["minimum"] = 1
    _mend_report(rows)


def _short_notice(rows: Rows) -> None:
    public_of(rows, "tender.publish").update(deadline="2026-03-12T01:30:00Z")


def _short_publicity(rows: Rows) -> None:
    public = public_of(rows, "candidates.publicise")
    public["ends"] = public["starts"]


def _wrong_key(rows: Rows) -> None:
    keys = _record(rows)["identities"]
    released = [row["act"]["public"] for row in rows if "act" in row and row["act"]["act"] == "opening.release_key"]
    released[0]["identity"], released[1]["identity"] = released[1]["identity"], released[0]["identity"]
    keys[0]["identity"], keys[1]["identity"] = keys[1]["identity"], keys[0]["identity"]
    _mend_record(rows)


def _stranger_signs(rows: Rows) -> None:
    public_of(rows, "opening.confirm")["signature"]["signature"] = "A" * 86 + "=="


def _other_name(rows: Rows) -> None:
    _record(rows)["bids"][0]["tenderer_name"] = "另一家公司"
    _mend_record(rows)


def _backdated(rows: Rows) -> None:
    _first(rows, "opening.open")["act"]["at"] = "2026-03-01T00:00:00Z"


def _another_document(rows: Rows) -> None:
    public_of(rows, "tender.publish")["documents"][0]["sha256"] = "0" * 64


def _dated_late(rows: Rows) -> None:
    _first(rows, "bid.submit")["act"]["at"] = "2026-03-25T00:00:00Z"


def _other_custodians_in_the_notice(rows: Rows) -> None:
    public_of(rows, "tender.publish")["custody"]["recipients"].reverse()


def _blamed_on_another(rows: Rows) -> None:
    _declared_void(rows)
    _record(rows)["bids"][0]["fault"] |= {"whose": "center"}
    _mend_record(rows)


def _after_the_end(rows: Rows) -> None:
    """The opening becomes a failure, and yet a list is frozen."""
    act = _first(rows, "opening.confirm")["act"]
    act["act"], act["public"] = "tender.terminate", {"reason": "x"}


def _number_without_end(rows: Rows) -> None:
    public_of(rows, "evaluation.conclude")["report"]["ranking"]["results"][0]["exact"] = "1e999999999"
    _mend_report(rows)


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (_dated_late, "closing"),
        (_other_custodians_in_the_notice, "custody"),
        (_blamed_on_another, "opening"),
        (_after_the_end, "order"),
        (_number_without_end, "candidates"),
        (_late, "closing"),
        (_cheaper, "opening"),
        (_left_out, "closing"),
        (_slipped_in, "closing"),
        (_declared_void, "opening"),
        (_other_winner, "ranking"),
        (_one_candidate, "candidates"),
        (_other_formula, "formula"),
        (_short_notice, "clock"),
        (_short_publicity, "clock"),
        (_wrong_key, "custody"),
        (_stranger_signs, "signatures"),
        (_other_name, "organisations"),
        (_backdated, "order"),
        (_another_document, "documents"),
    ],
)
def test_a_wrong_in_a_log_made_anew_is_named(
    played: Played, tmp_path: Path, change: Callable[[Rows], None], check: str
) -> None:
    report = verify(remade(played.at("publicity"), tmp_path, change))
    failed = {line.id for line in report.failed}
    assert check in failed, report.plain()
    assert not failed & {"archive", "checkpoint", "log"}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 4000), junk=st.binary(max_size=40))
def test_any_bytes_are_answered(played: Played, tmp_path: Path, cut: int, junk: bytes) -> None:
    """Whatever is in the file: a report that fails, or Unreadable; never another exception."""
    data = played.at("tendering").read_bytes()
    path = tmp_path / "any.zip"
    path.write_bytes(data[:cut] + junk + data[cut + len(junk) :])
    try:
        report = verify(path)
    except Unreadable:
        return
    assert report.ok == (path.read_bytes() == data)
    assert report.ok or any(line.status == FAILED for line in report.lines)
