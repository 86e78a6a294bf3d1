"""A dossier holds exactly what its reader may know at that moment."""

from __future__ import annotations

import json
from typing import Any

import pytest

from yiwang.kernel.publicity import stage_of
from yiwang.verifier import archive as archives

from .conftest import FIRMS, STAGES, Played

pytestmark = pytest.mark.django_db


def rows(played: Played, name: str) -> list[dict[str, Any]]:
    """The rows of acts.json."""
    with archives.read(played.at(name)) as archive:
        found: list[dict[str, Any]] = json.loads(archive.read("acts.json"))
        return found


def acts(played: Played, name: str) -> set[str]:
    """Names of the acts that a dossier discloses."""
    return {row["act"]["act"] for row in rows(played, name) if "act" in row}


@pytest.mark.parametrize("reader", ["", "-supervisor"])
@pytest.mark.parametrize("stage", ["tendering", "closed"])
def test_no_trace_of_a_tenderer_before_the_opening(played: Played, stage: str, reader: str) -> None:
    data = played.at(stage + reader).read_bytes()
    assert b"bid/" not in data and b"bid.submit" not in data
    with archives.read(played.at(stage + reader)) as archive:
        assert not any(name.startswith("bids/") for name in archive.entries)
    for name, price in FIRMS:
        assert name.encode() not in data and str(price).encode() not in data


def test_bids_are_public_from_the_opening(played: Played) -> None:
    data = played.at("opened").read_bytes()
    assert all(name.encode() in data and str(price).encode() in data for name, price in FIRMS)
    with archives.read(played.at("opened")) as archive:
        assert sum(name.startswith("bids/") for name in archive.entries) == len(FIRMS)


def test_nobody_learns_the_committee_before_the_award(played: Played) -> None:
    for stage in STAGES[: STAGES.index("awarded")]:
        for reader in ("", "-tenderer", "-supervisor"):
            data = played.at(stage + reader).read_bytes()
            assert "戊".encode() not in data and b"BH-" not in data
            assert not acts(played, stage + reader) & {"evaluation.submit_sheet", "draw.seat", "evaluation.declare"}
    assert "戊".encode() in played.at("awarded").read_bytes()


def test_private_parts_are_for_the_supervisor_alone_and_late(played: Played) -> None:
    for stage in STAGES:
        for reader in ("", "-tenderer"):
            assert not any("private" in row for row in rows(played, stage + reader))
    assert not any("private" in row for row in rows(played, "publicity-supervisor"))
    shown = {row["act"]["act"] for row in rows(played, "awarded-supervisor") if "private" in row}
    assert shown == {"draw.freeze_list", "draw.seat"}


def test_each_stage_shows_what_the_law_says(played: Played) -> None:
    related = {"organisation.register", "person.bind_key", "custody.appoint"}
    everything = acts(played, "archived") - related
    allowed: set[str] = set()
    for stage, reached in (("tendering", "at_once"), ("evaluating", "opening"), ("publicity", "publicity"), ("awarded", "award"),
                           ("contracted", "contract"), ("archived", "archive")):  # fmt: skip
        allowed.add(reached)
        shown = acts(played, stage) - related
        assert {stage_of(name) for name in shown} <= allowed
        assert {name for name in everything if stage_of(name) == reached and reached != "at_once"} <= shown


def test_what_was_public_stays_public(played: Played) -> None:
    before: set[int] = set()
    for stage in STAGES:
        shown = {row["index"] for row in rows(played, stage) if "act" in row}
        assert before <= shown
        before = shown


def test_questions_and_objections_never(played: Played) -> None:
    for stage in STAGES:
        assert not acts(played, stage) & {"clarification.ask", "objection.raise"}


def test_a_draft_is_for_its_host(played: Played) -> None:
    assert not played.at("draft").exists()
    assert {"tender.enter", "tender.attach_document", "custody.provide_key"} <= acts(played, "draft-host")


def test_the_same_state_gives_the_same_bytes(played: Played) -> None:
    assert played.at("again").read_bytes() == played.at("archived").read_bytes()
