"""Who sees what: own steps only, no field before its time, no score before all are in, everything public at once."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from typing import Any

import pytest

from yiwang.demo.cast import Player
from yiwang.demo.play import Play
from yiwang.modules.bids import selectors as bid_reads
from yiwang.modules.evaluations import acts as evaluations
from yiwang.modules.evidence import course, registry, sequencer
from yiwang.modules.evidence.actors import roles_towards

WAITS = ("tendering", "closed", "opened", "evaluating", "evaluated", "publicity", "awarded", "contracted")


def everybody(played: Play) -> dict[str, Player | None]:
    """The fixed cast, and the public."""
    cast = played.cast
    seated = {seat.expert.person_id for seat in played.tender.draw.seats.all()} if hasattr(played.tender, "draw") else set()
    evaluator = next((each for each in cast.experts if each.person.pk in seated), cast.experts[0])
    return {
        "buyer": cast.buyer, "agency": cast.agency, "tenderer": cast.tenderer("江北建设集团"),
        "other": cast.tenderer("没有投标的公司"), "evaluator": evaluator, "custodian": cast.custodians[0],
        "center": cast.center, "supervisor": cast.supervisor, "lender": cast.lender, "public": None,
    }  # fmt: skip


@pytest.mark.promise("S039")
def test_everybody_sees_the_steps_of_the_own_roles_and_no_others(play: Callable[..., Play], program: Any) -> None:
    played = play("tendering")
    for state in WAITS:
        tender = played.until(state).tender
        offered = [row for row in registry.rows() if row.offered and course.possible(row, tender)]
        for name, player in everybody(played).items():
            steps = program(player).get(f"/tenders/{played.number}/steps")
            roles = set(roles_towards(player.actor, tender)) if player else {"public"}
            for step in steps:
                row = registry.row_of(step["act"])
                assert roles & set(row.roles), (state, name, row.act)
                assert not step["allowed"] or state in row.sources
            possible = {row.act for row in offered if roles & set(row.roles)}
            assert {step["act"] for step in steps} >= possible, (state, name)
            if name in ("public", "lender"):
                assert steps == []


@pytest.mark.promise("S109")
def test_nothing_is_refused_without_an_article_of_law(play: Callable[..., Play], program: Any) -> None:
    bare = ("bid.withdraw", "opening.open", "draw.seat", "evaluation.conclude", "contract.register", "tender.archive")
    played, refusals = play("tendering"), 0
    for state in ("tendering", "closed", "opened", "publicity", "awarded"):
        tender = played.until(state).tender
        for player in everybody(played).values():
            if player is None:
                continue
            asks = program(player)
            reasons = [reason for step in asks.get(f"/tenders/{played.number}/steps") for reason in step["reasons"]]
            for act in bare:
                row = registry.row_of(act)
                if state in row.sources and set(row.roles) & set(roles_towards(player.actor, tender)):
                    continue  # that one might pass
                response = asks.client.post(f"/api/v1/tenders/{played.number}/acts/{act}", {}, content_type="application/json")
                assert response.status_code in (403, 409), (act, state, response.content)
                reasons += response.json()["reasons"]
            refusals += len(reasons)
            for reason in reasons:
                assert "条" in reason["article"], reason
    assert refusals > 200


@pytest.mark.promise("S038")
def test_the_api_gives_no_field_before_its_time_and_logs_what_it_refuses(
    play: Callable[..., Play], program: Any, caplog: pytest.LogCaptureFixture
) -> None:
    played = play("evaluated")

    public, buyer = program(None), program(played.cast.buyer)
    names = {seat.expert.person.name for seat in played.tender.draw.seats.all()}
    for reader in (public, buyer, program(played.cast.tenderer("江北建设集团"))):
        for rest in ("", "/acts", "/steps"):
            text = json.dumps(reader.get(f"/tenders/{played.number}{rest}"), ensure_ascii=False)
            assert not [name for name in names if name in text]
    assert public.get(f"/tenders/{played.number}")["report"] is None
    assert buyer.get(f"/tenders/{played.number}")["report"]
    secret = played.tender.acts.filter(act="draw.freeze_list").get()
    assert secret.private["eligible"]
    with caplog.at_level(logging.WARNING, logger="django.request"):
        program(played.cast.supervisor).get(f"/receipts/{secret.pk}", 404)
        buyer.act(played.number, "tender.archive", 403)
        buyer.get(f"/tenders/{played.number}/documents/{'0' * 64}", 404)
    logged = [record.getMessage() for record in caplog.records]
    assert len([line for line in logged if "/api/v1/" in line]) == 3
    played.until("awarded")
    assert {row["name"] for row in public.get(f"/tenders/{played.number}")["committee"]} <= names


@pytest.mark.promise("S087")
def test_no_score_is_seen_by_others_before_all_sheets_are_in(play: Callable[..., Play], program: Any) -> None:
    played = play("evaluating")
    opened = [bid for bid in bid_reads.opened(played.tender) if bid.standing == "opened"]
    seated = played._committee()
    canary = "评分表里的暗号-7f3a"
    for seat, each in seated[:2]:
        evaluations.declare(actor=each.actor, tender=played.number, **each.sign("no-conflict", {"tender": played.number}))
        sheet = played.sheet_of(seat, opened)
        sheet["review"][opened[0].chain] = {"pass": False, "reason": canary}
        signed = each.sign("score-sheet", evaluations.sheet_statement(played.number, sheet))
        evaluations.submit_sheet(actor=each.actor, tender=played.number, sheet=sheet, **signed)
    sequencer.sequence_all()
    others = [player for name, player in everybody(played).items() if name != "evaluator"] + [seated[2][1]]
    for player in others:
        for rest in ("", "/acts", "/steps"):
            assert canary not in json.dumps(program(player).get(f"/tenders/{played.number}{rest}"), ensure_ascii=False)
    refused = program(seated[0][1]).act(played.number, "evaluation.conclude", 409)
    assert refused["reasons"][0]["code"] == "sheets.missing"
    for seat, each in seated[2:]:
        evaluations.declare(actor=each.actor, tender=played.number, **each.sign("no-conflict", {"tender": played.number}))
        sheet = played.sheet_of(seat, opened)
        signed = each.sign("score-sheet", evaluations.sheet_statement(played.number, sheet))
        evaluations.submit_sheet(actor=each.actor, tender=played.number, sheet=sheet, **signed)
    played.report()
    played.until("awarded")
    sequencer.sequence_all()
    assert canary in json.dumps(program(None).get(f"/tenders/{played.number}/acts"), ensure_ascii=False)


@pytest.mark.promise("S058")
def test_what_becomes_public_can_be_read_by_everybody_within_a_minute(play: Callable[..., Play], program: Any) -> None:
    public, shown = program(None), {}
    played = play("draft")
    for state, part in (("tendering", "documents"), ("opened", "opening"), ("publicity", "candidates"),
                        ("awarded", "award"), ("contracted", "contract")):  # fmt: skip
        if played.tender.state != "draft":
            assert not public.get(f"/tenders/{played.number}")[part], part
        played.until(state)
        begun = time.monotonic()
        tender = public.get(f"/tenders/{played.number}")
        assert tender[part], part
        for document in tender["documents"]:
            public.get(f"/tenders/{played.number}/documents/{document['sha256']}")
        shown[part] = time.monotonic() - begun
    assert max(shown.values()) < 60, shown
