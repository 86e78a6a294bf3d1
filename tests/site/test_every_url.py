"""Every address of the site times the cast: who gets what, who is sent to sign in, for whom it does not exist."""

from __future__ import annotations

import pytest
from django.utils.http import urlencode

from tests.site import expectations as expect
from tests.site.asking import Asked, filled, routes
from tests.site.people import ONE_OF_EACH_STATE, PEOPLE, Looked

pytestmark = [pytest.mark.usefixtures("binhai"), pytest.mark.django_db]


def test_every_address_has_an_expectation() -> None:
    act_routes = {f"api/v1/tenders/<number>/acts/{act}" for act in (*expect.ACTS, *expect.ONLY_API)}
    known = {*expect.PLAIN, *expect.ON_A_TENDER, *expect.OTHER_ROUTES, *act_routes}
    found = {route for route, _ in routes()}
    assert sorted(found - known) == []
    assert sorted(known - found) == []


def test_addresses_without_arguments(asked: Asked) -> None:
    for route, answer in expect.PLAIN.items():
        for who in PEOPLE if route != "api/v1/openapi.json" else ("jia", ""):  # made anew each time
            got = asked.ask(who, f"/{route}", answer.get(who, answer["*"]))
            if got.status_code == 302 and not who:
                assert got["Location"] == "/login/?" + urlencode({"next": f"/{route}"})


BY_EVERYBODY = ("D1", "D2", "T3", "E2", "W1", "X1", "X2")
"""Tenders at which everybody looks: those whose visibility depends on the reader, and one each of what all may see."""


@pytest.mark.parametrize("route", [route for route in expect.ON_A_TENDER if "dossier" not in route])
def test_addresses_of_tenders(asked: Asked, city: dict[str, Looked], route: str) -> None:
    for code in ("D1", "X2", "F2", *ONE_OF_EACH_STATE):
        tender = city[code]
        url = filled(route, tender.number, tender.document or city["K1"].document)
        for who in PEOPLE if code in BY_EVERYBODY else ("jia", "bing", ""):
            asked.ask(who, url, expect.of_tender(route, who, tender))


@pytest.mark.parametrize("route", [route for route in expect.ON_A_TENDER if "dossier" in route])
@pytest.mark.parametrize("code", ["D2", "T3", "K1"])
def test_dossiers(asked: Asked, city: dict[str, Looked], route: str, code: str) -> None:
    for who in PEOPLE if code != "K1" else ("jia", "bing", ""):  # a whole one takes a while to make
        got = asked.ask(who, filled(route, city[code].number, ""), expect.of_tender(route, who, city[code]))
        assert got.status_code != 200 or got.start == b"PK\x03\x04"


@pytest.mark.parametrize("route", [route for route in expect.ON_A_TENDER if "sha256" in route])
def test_a_document_is_given_by_its_own_tender_alone(asked: Asked, city: dict[str, Looked], route: str) -> None:
    for who in PEOPLE:
        url = filled(route, city["T1"].number, city["D2"].document)
        asked.ask(who, url, 302 if not who and route.startswith("desk") else 404)


def test_a_tender_that_does_not_exist(asked: Asked) -> None:
    for route in expect.ON_A_TENDER:
        for who in PEOPLE:
            url = filled(route, "YW1999-0001", "0" * 64)
            asked.ask(who, url, 302 if not who and route.startswith("desk") else 404)


def test_log_entries(asked: Asked, city: dict[str, Looked]) -> None:
    from yiwang.modules.bids import sealed
    from yiwang.modules.evidence.actors import SYSTEM
    from yiwang.modules.evidence.models import Act, LogEntry
    from yiwang.modules.tenders import selectors

    size = LogEntry.objects.count()
    blind = sealed.of_tender(selectors.tender(SYSTEM, city["T3"].number))[0].act.log_entry.index
    plain = Act.objects.get(act="tender.publish", tender__number=city["T1"].number).log_entry.index
    for who in PEOPLE:
        for index, place, content in ((blind, 200, 404), (plain, 200, 200), (size - 1, 200, None), (size, 404, 404)):
            asked.ask(who, f"/evidence/{index}/", place)
            asked.ask(who, f"/evidence/{index}/proof", place)
            if content:
                asked.ask(who, f"/evidence/{index}/content.json", content)


def test_tiles_of_the_log(asked: Asked) -> None:
    for who in PEOPLE:
        for path, status in (("0/000", 200), ("entries/000", 200), ("1/000", 404), ("0/999", 404), ("../state", 404)):
            asked.ask(who, f"/log/tile/{path}", status)


def test_law(asked: Asked) -> None:
    for who in PEOPLE:
        for url, status in (
            ("/law/procedures/open_tender_works/", 200),
            ("/law/procedures/nothing/", 404),
            ("/law/KY-01/", 200),
            ("/law/ZZ-99/", 404),
            ("/api/v1/rules/KY-01", 200),
            ("/api/v1/rules/ZZ-99", 404),
            ("/api/v1/no/such", 404),
        ):
            asked.ask(who, url, status)


def test_receipts_are_for_those_who_did_the_act_and_their_organisation(asked: Asked) -> None:
    from yiwang.modules.evidence.models import Act

    for doer in ("jia", "bing", "ji", "center", "wu"):
        act = Act.objects.filter(person__username=doer).order_by("pk").last()
        for who in PEOPLE:
            other = 404 if who else 302
            asked.ask(who, f"/desk/receipts/{act.pk}/", 200 if who == doer else other)
            asked.ask(who, f"/api/v1/receipts/{act.pk}", 200 if who == doer else 404 if who else 401)


def test_documents_of_bids_are_for_the_committee_alone(asked: Asked, city: dict[str, Looked]) -> None:
    from yiwang.modules.evaluations.models import Declaration

    statuses = set()
    for code in ("E1", "E2", "V1", "P2", "P3", "K1"):
        tender = city[code]
        declared = Declaration.objects.filter(seat__draw__tender__number=tender.number, seat__expert__person__username="wu")
        for who in PEOPLE:
            seated = tender.has(who, "evaluator") and tender.state in ("evaluating", "evaluated", "publicity")
            status = 302 if not who else (200 if declared.exists() else 409) if seated else 404
            statuses.add(asked.ask(who, _opened_document(tender.number), status).status_code)
    assert {302, 404, 409} <= statuses


def _opened_document(number: str) -> str:
    from yiwang.modules.bids.models import Bid

    bid = Bid.objects.filter(tender__number=number, standing="opened").first()
    return f"/desk/tenders/{number}/bids/{bid.pk}/documents/{bid.manifest['documents'][0]['sha256']}/"
