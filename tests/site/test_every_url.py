"""Every address of the site times the cast: who gets what, who is sent to sign in, for whom it does not exist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils.http import urlencode

from tests.site import expectations as expect
from tests.site.people import CODES, ONE_OF_EACH_STATE, OUTSIDERS, PEOPLE, Looked, clients, looked_at

pytestmark = [pytest.mark.usefixtures("binhai"), pytest.mark.django_db]


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


class Asked:
    """What was asked for, and what differed from its expectation."""

    def __init__(self, people: dict[str, Client]) -> None:
        self.people = people
        self.times = 0
        self.wrong: list[str] = []

    def ask(self, who: str, url: str, expected: int) -> HttpResponseBase:
        """Fetch an address as somebody."""
        answer = self.people[who].get(url)
        if answer.streaming:
            answer.start = b"".join(answer.streaming_content)[:4]
        self.times += 1
        if answer.status_code != expected:
            self.wrong.append(f"{who or 'anonymous'} {url}: {answer.status_code}, not {expected}")
        return answer

    def check(self) -> None:
        """Fail with everything that differed."""
        assert self.wrong == [], "\n".join(self.wrong)


@pytest.fixture
def asked(binhai: Any, db: None) -> Iterator[Asked]:
    """Asks as each of the cast; fails at the end when an answer was not the expected one."""
    made = Asked(clients())
    yield made
    made.check()


def test_every_address_has_an_expectation() -> None:
    act_routes = {f"api/v1/tenders/<number>/acts/{act}" for act in (*expect.ACTS, *expect.ONLY_API)}
    known = {*expect.PLAIN, *expect.ON_A_TENDER, *expect.OTHER_ROUTES, *act_routes}
    found = {route for route, _ in routes()}
    assert sorted(found - known) == []
    assert sorted(known - found) == []


def test_every_act_of_the_tables_has_an_expectation() -> None:
    from yiwang.modules.evidence import registry

    assert {row.act for row in registry.rows()} == {*expect.ACTS, *expect.NO_PAGE} - {"nothing.such"}


def test_addresses_without_arguments(asked: Asked) -> None:
    for route, answer in expect.PLAIN.items():
        for who in PEOPLE if route != "api/v1/openapi.json" else ("jia", ""):  # made anew each time
            got = asked.ask(who, f"/{route}", answer.get(who, answer["*"]))
            if got.status_code == 302 and not who:
                assert got["Location"] == "/login/?" + urlencode({"next": f"/{route}"})


def filled(route: str, number: str, sha256: str) -> str:
    """The address of a tender's page."""
    for name, value in (("number", number), ("sha256", sha256)):
        route = route.replace(f"<str:{name}>", value).replace(f"<{name}>", value)
    return f"/{route}"


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


GOING_ON = [code for code in CODES if code not in ("F1", "F2", "X1", "X2")]
"""Tenders on which something can be done. Those whose state another one has, too, are looked at by ``make whole``."""


@pytest.mark.parametrize("code", [
    code if code in ("T1", *ONE_OF_EACH_STATE) else pytest.param(code, marks=pytest.mark.whole) for code in GOING_ON
])
def test_pages_of_acts(asked: Asked, city: dict[str, Looked], code: str) -> None:
    # On every tender: what the state knows, asked for by everybody. On a few: all other acts, too.
    tender, thorough = city[code], code in ("T1", "P2")
    for act in (*expect.ACTS, *expect.NO_PAGE):
        roles, states = expect.ACTS.get(act, ((), ()))
        for who in PEOPLE if thorough else [who for who in PEOPLE if who not in OUTSIDERS]:
            own = tender.has(who, *roles) and code in ("C1", "E2", "A1")
            if thorough or own or tender.state in states:
                asked.ask(who, f"/desk/tenders/{tender.number}/{act}/", expect.of_act(act, who, tender))


def test_an_act_never_waits_in_a_state_that_does_not_know_it(city: dict[str, Looked]) -> None:
    for act, (_, states) in expect.ACTS.items():
        for each in expect.waiting(act):
            assert city[each.partition(":")[0]].state in states, f"{act} on {each}"


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


@pytest.mark.parametrize("code", ["T1", "O1", "E1", "W1"])
def test_statements_to_sign(asked: Asked, city: dict[str, Looked], code: str) -> None:
    tender = city[code]
    for act in (*expect.SIGNED, "bid.submit", "nothing.such"):
        for who in PEOPLE:
            url = f"/api/v1/tenders/{tender.number}/acts/{act}/statement"
            mine = act in expect.SIGNED and tender.has(who, *expect.ACTS[act][0])
            status = 401 if not who else 404 if act not in expect.SIGNED else 403 if not mine else 200 if code in expect.SIGNED[act] else 409
            asked.ask(who, url, status)


def test_addresses_that_only_do_acts_refuse_to_be_read(asked: Asked, city: dict[str, Looked]) -> None:
    for act in (*expect.ACTS, *expect.ONLY_API):
        for who in ("jia", "bing", ""):
            asked.ask(who, f"/api/v1/tenders/{city['T1'].number}/acts/{act}", 405)
