"""Every address of the site times the cast: who gets what, who is sent to sign in, for whom it does not exist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver
from django.utils.http import urlencode

from tests.site import expectations as expect
from tests.site.people import CODES, ONE_OF_EACH_STATE, OUTSIDERS, PEOPLE, Looked, clients, looked_at

pytestmark = [pytest.mark.usefixtures("binhai"), pytest.mark.django_db]


@pytest.fixture
def people() -> dict[str, Any]:
    """A browser for each person."""
    return clients()


@pytest.fixture
def city() -> dict[str, Looked]:
    """The city's tenders by code."""
    return looked_at()


def routes(patterns: Any = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address that the site's resolver knows."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route, each
        else:
            yield from routes(each.url_patterns, route)


Asked = list[tuple[str, str, int, Any]]
"""Person, address, expected status, response."""


def check(asked: Asked) -> None:
    """Fail with everything that differs from its expectation."""
    wrong = [
        f"{who or 'anonymous'} {url}: {answer.status_code}, not {status}"
        for who, url, status, answer in asked
        if answer.status_code != status
    ]
    assert wrong == [], "\n".join(wrong)


def test_every_address_has_an_expectation() -> None:
    act_routes = {f"api/v1/tenders/<number>/acts/{act}" for act in expect.ACTS}
    known = {*expect.PLAIN, *expect.ON_A_TENDER, *expect.OTHER_ROUTES, *act_routes}
    found = {route for route, _ in routes()}
    assert sorted(found - known) == []
    assert sorted(known - found) == []


def test_every_act_of_the_tables_has_an_expectation() -> None:
    from yiwang.modules.evidence import registry

    assert {row.act for row in registry.rows()} == {*expect.ACTS, *expect.NO_PAGE} - {"nothing.such"}


def test_addresses_without_arguments(people: dict[str, Any]) -> None:
    asked: Asked = []
    for route, answer in expect.PLAIN.items():
        for who, client in people.items():
            asked.append((who, f"/{route}", answer.get(who, answer["*"]), client.get(f"/{route}")))
    check(asked)
    to_sign_in = [(url, got["Location"]) for who, url, status, got in asked if status == 302 and not who]
    assert [pair for pair in to_sign_in if pair[1] != "/login/?" + urlencode({"next": pair[0]})] == []


@pytest.mark.parametrize("route", [route for route in expect.ON_A_TENDER if "dossier" not in route])
def test_addresses_of_tenders(people: dict[str, Any], city: dict[str, Looked], route: str) -> None:
    other = city["K1"].document
    asked: Asked = []
    for code in ("D1", "X2", "F2", *ONE_OF_EACH_STATE):
        tender = city[code]
        url = "/" + route.replace("<str:number>", tender.number).replace("<number>", tender.number)
        for who, client in people.items():
            own = url.replace("<str:sha256>", tender.document or other).replace("<sha256>", tender.document or other)
            asked.append((who, own, expect.of_tender(route, who, tender), client.get(own)))
    check(asked)


@pytest.mark.parametrize("route", [route for route in expect.ON_A_TENDER if "dossier" in route])
@pytest.mark.parametrize("code", ["D2", "T3", "K1"])
def test_dossiers(people: dict[str, Any], city: dict[str, Looked], route: str, code: str) -> None:
    tender = city[code]
    url = "/" + route.replace("<str:number>", tender.number).replace("<number>", tender.number)
    asked: Asked = []
    for who, client in people.items():
        answer = client.get(url)
        assert not answer.streaming or b"".join(answer.streaming_content)[:2] == b"PK"
        asked.append((who, url, expect.of_tender(route, who, tender), answer))
    check(asked)


@pytest.mark.parametrize("route", [route for route in expect.ON_A_TENDER if "sha256" in route])
def test_a_document_is_given_by_its_own_tender_alone(people: dict[str, Any], city: dict[str, Looked], route: str) -> None:
    number, other = city["T1"].number, city["D2"].document
    url = "/" + route.replace("<str:number>", number).replace("<number>", number)
    url = url.replace("<str:sha256>", other).replace("<sha256>", other)
    asked = [(who, url, 302 if not who and route.startswith("desk") else 404, client.get(url)) for who, client in people.items()]
    check(asked)


def test_a_tender_that_does_not_exist(people: dict[str, Any]) -> None:
    asked: Asked = []
    for route in expect.ON_A_TENDER:
        url = "/" + route.replace("<str:number>", "YW1999-0001").replace("<number>", "YW1999-0001")
        url = url.replace("<str:sha256>", "0" * 64).replace("<sha256>", "0" * 64)
        for who, client in people.items():
            asked.append((who, url, 302 if not who and route.startswith("desk") else 404, client.get(url)))
    check(asked)


@pytest.mark.parametrize("code", CODES)
def test_pages_of_acts(people: dict[str, Any], city: dict[str, Looked], code: str) -> None:
    tender = city[code]
    readers = PEOPLE if code in ("T1", "P2") else [who for who in PEOPLE if who not in OUTSIDERS]
    asked: Asked = []
    for act in (*expect.ACTS, *expect.NO_PAGE):
        for who in readers:
            url = f"/desk/tenders/{tender.number}/{act}/"
            asked.append((who, url, expect.of_act(act, who, tender), people[who].get(url)))
    check(asked)


def test_an_act_never_waits_in_a_state_that_does_not_know_it(city: dict[str, Looked]) -> None:
    for act, (_, states) in expect.ACTS.items():
        for each in expect.waiting(act):
            assert city[each.partition(":")[0]].state in states, f"{act} on {each}"


def test_log_entries(people: dict[str, Any], city: dict[str, Looked]) -> None:
    from yiwang.modules.evidence.models import Act, LogEntry

    size = LogEntry.objects.count()
    blind = _blind(city)
    open_entry = LogEntry.objects.get(act=Act.objects.get(act="tender.publish", tender__number=city["T1"].number)).index
    asked: Asked = []
    for who, client in people.items():
        for index in (0, size - 1, blind, open_entry):
            asked.append((who, f"/evidence/{index}/", 200, client.get(f"/evidence/{index}/")))
            asked.append((who, f"/evidence/{index}/proof", 200, client.get(f"/evidence/{index}/proof")))
        for end in ("", "content.json", "proof"):
            asked.append((who, f"/evidence/{size}/{end}", 404, client.get(f"/evidence/{size}/{end}")))
        for index, status in ((blind, 404), (open_entry, 200)):
            asked.append((who, f"/evidence/{index}/content.json", status, client.get(f"/evidence/{index}/content.json")))
    check(asked)


def _blind(city: dict[str, Looked]) -> int:
    """The log index of a bid that lies sealed."""
    from yiwang.modules.bids.models import Bid

    return int(Bid.objects.filter(tender__number=city["T3"].number).first().act.log_entry.index)


def test_law(people: dict[str, Any]) -> None:
    asked: Asked = []
    for who, client in people.items():
        for url, status in (
            ("/law/procedures/open_tender_works/", 200), ("/law/procedures/nothing/", 404), ("/law/KY-01/", 200), ("/law/ZZ-99/", 404),
            ("/api/v1/rules/KY-01", 200), ("/api/v1/rules/ZZ-99", 404), ("/api/v1/no/such", 404),
        ):  # fmt: skip
            asked.append((who, url, status, client.get(url)))
    check(asked)


def test_receipts_are_for_those_who_did_the_act_and_their_organisation(people: dict[str, Any]) -> None:
    from yiwang.modules.evidence.models import Act

    asked: Asked = []
    for doer in ("jia", "bing", "ji", "center", "wu"):
        act = Act.objects.filter(person__username=doer).order_by("pk").last()
        for who, client in people.items():
            url, api_url = f"/desk/receipts/{act.pk}/", f"/api/v1/receipts/{act.pk}"
            asked.append((who, url, 302 if not who else 200 if who == doer else 404, client.get(url)))
            asked.append((who, api_url, 401 if not who else 200 if who == doer else 404, client.get(api_url)))
    check(asked)


def test_documents_of_bids_are_for_the_committee_alone(people: dict[str, Any], city: dict[str, Looked]) -> None:
    from yiwang.modules.evaluations.models import Declaration

    asked: Asked = []
    for code in ("E1", "E2", "V1", "P2", "P3", "K1"):
        tender = city[code]
        bid, sha256 = _opened_document(tender.number)
        declared = Declaration.objects.filter(seat__draw__tender__number=tender.number, seat__expert__person__username="wu").exists()
        for who, client in people.items():
            url = f"/desk/tenders/{tender.number}/bids/{bid}/documents/{sha256}/"
            seated = tender.has(who, "evaluator") and code != "K1"
            status = 302 if not who else (200 if declared else 409) if seated else 404
            asked.append((who, url, status, client.get(url)))
    check(asked)
    assert 409 in {status for _, _, status, _ in asked}


def _opened_document(number: str) -> tuple[Any, str]:
    from yiwang.modules.bids.models import Bid

    bid = Bid.objects.filter(tender__number=number, standing="opened").first()
    return bid.pk, bid.manifest["documents"][0]["sha256"]


@pytest.mark.parametrize("code", ["T1", "O1", "E1", "W1"])
def test_statements_to_sign(people: dict[str, Any], city: dict[str, Looked], code: str) -> None:
    tender = city[code]
    signed = {"opening.confirm": "O1", "evaluation.declare": "E1", "contract.sign": "W1"}
    asked: Asked = []
    for act in (*signed, "bid.submit", "nothing.such"):
        for who, client in people.items():
            url = f"/api/v1/tenders/{tender.number}/acts/{act}/statement"
            mine = act in signed and tender.has(who, *expect.ACTS[act][0])
            status = 401 if not who else 404 if act not in signed else 200 if mine and signed[act] == code else 409
            if mine and act == "evaluation.declare":
                status = 200
            asked.append((who, url, status, client.get(url)))
    check(asked)


def test_addresses_that_only_do_acts_refuse_to_be_read(people: dict[str, Any], city: dict[str, Looked]) -> None:
    asked: Asked = []
    for act in expect.ACTS:
        url = f"/api/v1/tenders/{city['T1'].number}/acts/{act}"
        asked += [(who, url, 405, people[who].get(url)) for who in ("jia", "bing", "")]
    check(asked)
