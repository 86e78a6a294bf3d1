"""Errors of the API: one form, naming field, rule, article and what would pass; and what a request may not do."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from yiwang.api.uploads import token_of
from yiwang.demo.cast import Cast, enterprise, made_up_uscc
from yiwang.demo.play import Play
from yiwang.demo.stage import Stage
from yiwang.modules.evidence import files

ENTRY = {"title": "学校食堂设备采购", "category": "goods", "budget": 5_000_000_00}


def test_a_problem_has_the_form_of_rfc_9457(program: Any, stage: Stage) -> None:
    response = program(None).client.get("/api/v1/tenders/YW2026-0009")
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["type"] == "urn:yiwang:problem:not-found"
    assert (body["status"], body["title"]) == (404, "没有找到")
    assert set(body["reasons"][0]) == {"code", "message", "article", "field", "passes", "after"}
    assert set(body["reasons"][0]["message"]) == {"zh", "en"}


def test_every_fault_of_an_entry_is_named_at_once(program: Any, cast: Cast) -> None:
    body = program(cast.buyer).post("/tenders", {**ENTRY, "title": " ", "budget": 0, "ceiling": -5}, 422)
    assert {reason["field"] for reason in body["reasons"]} >= {"title", "budget", "ceiling"}
    assert program(cast.buyer).get("/tenders")["total"] == 0


@pytest.mark.parametrize(("change", "field"), [
    ({"budget": "500"}, "budget"), ({"budget": 10.5}, "budget"), ({"title": None}, "title"), ({"stranger": 1}, "stranger"),
    ({"formula": {"id": 1.5}}, "formula.id"), ({"title": "坏\x00字"}, "title"), ({"validity_days": 2**40}, ""),
])  # fmt: skip
def test_a_body_that_does_not_fit_the_schema_names_the_field(change: Any, field: str, program: Any, cast: Cast) -> None:
    body = program(cast.buyer).post("/tenders", {**ENTRY, **change}, 422)
    assert body["reasons"][0]["field"].startswith(field)
    assert program(cast.buyer).get("/tenders")["total"] == 0


def test_a_body_that_is_no_json_is_400(program: Any, cast: Cast) -> None:
    client = program(cast.buyer).client
    response = client.post("/api/v1/tenders", "{", content_type="application/json")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


def test_an_act_of_another_role_is_403_and_an_unknown_act_404(program: Any, play: Callable[..., Play]) -> None:
    played = play("tendering")
    supervisor = program(played.cast.supervisor)
    assert supervisor.act(played.number, "tender.terminate", 403, reason="不许")["reasons"][0]["code"] == "role"
    assert supervisor.act(played.number, "tender.sell", 404)["type"] == "urn:yiwang:problem:not-found"
    assert supervisor.get(f"/tenders/{played.number}/acts/tender.publish/statement", 404)


def test_an_act_out_of_state_is_409(program: Any, play: Callable[..., Play]) -> None:
    played = play("tendering")
    body = program(played.cast.center).act(played.number, "tender.archive", 409)
    assert body["reasons"][0]["code"] == "state"


def test_the_same_key_does_an_act_once(program: Any, cast: Cast) -> None:
    buyer = program(cast.buyer)
    first = buyer.post("/tenders", ENTRY, 201, key="a")
    again = buyer.post("/tenders", ENTRY, 200, key="a")
    assert again == {**first, "repeated": True}
    assert buyer.post("/tenders", ENTRY, 201, key="b")["tender"] != first["tender"]
    assert buyer.get("/tenders")["total"] == 2


def test_a_key_is_bound_to_who_uses_it(program: Any, cast: Cast) -> None:
    other = {**ENTRY, "counterpart": cast.buyer.actor.organisation.uscc}
    assert program(cast.buyer).post("/tenders", ENTRY, 201, key="a")["tender"] == "YW2026-0001"
    assert program(cast.agency).post("/tenders", other, 201, key="a")["tender"] == "YW2026-0002"


def test_a_session_needs_the_csrf_token(program: Any, cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.buyer.person)
    response = client.post("/api/v1/tenders", ENTRY, content_type="application/json")
    assert (response.status_code, response.json()["type"]) == (403, "urn:yiwang:problem:forbidden")


def test_a_program_signs_in_with_basic_and_guessing_is_slowed(stage: Stage) -> None:
    cache.clear()
    person = enterprise("海滨商贸公司", username="ding").person
    person.set_password("一个够长的口令")
    person.save()
    client = Client(enforce_csrf_checks=True)

    def asked(secret: str) -> Any:
        coded = base64.b64encode(f"ding:{secret}".encode()).decode()
        return client.get("/api/v1/me", headers={"Authorization": f"Basic {coded}"})

    assert asked("一个够长的口令").json()["organisation"]["name"] == "海滨商贸公司"
    refused = asked("另一个口令")
    assert refused.status_code == 401
    assert refused["WWW-Authenticate"].startswith("Basic")
    assert client.get("/api/v1/me", headers={"Authorization": "Basic ???"}).status_code == 401
    assert [asked(f"猜{n}").status_code for n in range(6)] == [401, 401, 401, 401, 429, 429]
    assert asked("一个够长的口令").status_code == 429  # even the right one waits now


def test_a_file_is_taken_only_from_who_brought_it_and_only_of_the_right_type(program: Any, cast: Cast) -> None:
    agency, buyer = program(cast.agency), program(cast.buyer)
    number = buyer.post("/tenders", {**ENTRY, "counterpart": cast.agency.actor.organisation.uscc})["tender"]
    facts = {"kind": "tender_document", "title": "招标文件", "filename": "文件.txt"}
    token = agency.upload("招标文件".encode())
    assert buyer.act(number, "tender.attach_document", 422, content=token, **facts)["reasons"][0]["field"] == "content"
    sealed_bid = token_of(buyer.player.actor, files.store([b"yiwang-seal/v1\n" + b"\x8f" * 300]))  # kept, but no document
    wrong = buyer.act(number, "tender.attach_document", 422, content=sealed_bid, **facts)
    assert wrong["reasons"][0]["field"] == "content"
    assert wrong["reasons"][0]["passes"]
    assert buyer.get(f"/tenders/{number}")["documents"] == []
    agency.act(number, "tender.attach_document", content=token, **facts)


def test_an_organisation_registers_itself_but_no_authority_does(program: Any, stage: Stage) -> None:
    anybody = program(None)
    good = {"uscc": made_up_uscc("新来公司"), "name": "新来公司"}
    wrong = {**good, "uscc": good["uscc"][:-1] + ("0" if good["uscc"][-1] != "0" else "1")}
    assert anybody.post("/organisations", wrong, 422)["reasons"][0]["field"] == "uscc"
    assert anybody.post("/organisations", {**good, "kind": "supervisor"}, 422)["reasons"][0]["field"] == "kind"
    first = anybody.post("/organisations", good, 201, key="k")
    assert anybody.post("/organisations", good, 200, key="k")["act"] == first["act"]


def test_drafts_and_other_peoples_receipts_do_not_exist(program: Any, cast: Cast) -> None:
    buyer = program(cast.buyer)
    made = buyer.post("/tenders", ENTRY)
    stranger = program(cast.tenderer("城东市政工程公司"))
    for rest in ("", "/steps", "/acts", "/dossier", "/documents/" + "0" * 64):
        stranger.get(f"/tenders/{made['tender']}{rest}", 404)
    stranger.act(made["tender"], "tender.terminate", 404, reason="无")
    stranger.get(f"/receipts/{made['act']}", 404)
    assert buyer.get(f"/receipts/{made['act']}")["name"] == "tender.enter"
