"""The page of every act times the cast: who has it, for whom it does not exist, who is told why not now."""

from __future__ import annotations

import pytest

from tests.site import expectations as expect
from tests.site.asking import Asked
from tests.site.people import CODES, ONE_OF_EACH_STATE, OUTSIDERS, PEOPLE, Looked

pytestmark = [pytest.mark.usefixtures("binhai"), pytest.mark.django_db]


def test_every_act_of_the_tables_has_an_expectation() -> None:
    from yiwang.modules.evidence import registry

    assert {row.act for row in registry.rows()} == {*expect.ACTS, *expect.NO_PAGE} - {"nothing.such"}


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
