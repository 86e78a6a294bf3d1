"""Custody and drills through the API alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.journeys.conftest import folders, program, routes  # noqa: F401  (fixtures)
from yiwang.kernel import moment
from yiwang.modules.openings.drill_jobs import report_drills
from yiwang.seal import keys, recovery


def proof(who: Any, path: str, **more: Any) -> tuple[keys.CustodianKey, dict[str, str]]:
    """A fresh key with the answer to the API's challenge."""
    key = keys.new_custodian_key()
    asked = who.post(path, {"recipient": key.recipient, **more}, 200)["challenge"]
    answer = keys.answer(key.identity, keys.challenge_in(asked)).hex()
    return key, {"recipient": key.recipient, "challenge": asked, "answer": answer}


def test_a_drill(cast: Any, stage: Any, program: Any) -> None:  # noqa: F811
    center, custodian = program(cast.center), program(cast.custodians[0])
    names = [each.person.username for each in cast.custodians]
    opens = moment.stamp(stage() + timedelta(hours=1))
    receipt = center.post("/drills/schedule", {"custodians": names, "opens": opens, "threshold": 2})
    assert receipt["tender"] is None
    key, given = proof(custodian, "/drills/challenge", drill=1)
    custodian.post("/drills/keys", {"drill": 1, **given})
    early = custodian.post("/drills/releases", {"drill": 1, "identity": key.identity}, 409)
    assert early["reasons"][0]["after"] == opens
    stage.wait(hours=1)
    custodian.post("/drills/releases", {"drill": 1, "identity": " ".join(recovery.groups(key.identity))})
    stage.wait(hours=2)
    report_drills(stage())
    [seen] = program(cast.supervisor).get("/drills")
    assert (seen["drill"], seen["enough"], [bool(each["released_at"]) for each in seen["custodians"]]) == (1, False, [True] + [False] * 4)
    assert program(cast.buyer).get("/drills") == []
    program(cast.buyer).post("/drills/schedule", {"custodians": names, "opens": opens}, 403)


def test_challenge_refusal_and_replacement(cast: Any, stage: Any, program: Any, play: Any, deputies: Any) -> None:  # noqa: F811
    life = play()
    life.enter()
    first, host = cast.custodians[0], program(life.host)
    names = [each.person.username for each in cast.custodians]
    host.act(life.number, "custody.appoint", custodians=names, deputies={names[0]: deputies[names[0]].person.username})
    path = f"/tenders/{life.number}/custody/challenge"
    key = keys.new_custodian_key()
    assert program(cast.lender).post(path, {"recipient": key.recipient}, 404)
    assert program(first).post(path, {"recipient": "age1"}, 422)["reasons"][0]["field"] == "recipient"
    _, given = proof(program(first), path)
    bad = program(first).act(life.number, "custody.provide_key", 422, **{**given, "answer": "00"})
    assert bad["reasons"][0]["code"] == "custody.possession"
    program(first).act(life.number, "custody.refuse", reason="不在本市")
    program(deputies[names[0]]).act(life.number, "custody.provide_key", **proof(program(deputies[names[0]]), path)[1])
    host.act(life.number, "custody.replace", position=1, custodian=deputies[names[1]].person.username)
