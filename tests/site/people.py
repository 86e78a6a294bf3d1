"""The cast of nine, the center's observer and somebody who has not signed in; and the city's tenders they look at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.test import Client

PEOPLE = ("jia", "yi", "bing", "ding", "wu", "ji", "center", "geng", "xin", "ren", "")
"""甲 buyer, 乙 agency, 丙 丁 tenderers, 戊 evaluator, 己 custodian, the center's observer, 庚 supervisor, 辛 lender,
壬 a person without organisation; '' has not signed in."""

OUTSIDERS = ("xin", "ren", "")
"""Those who have no part in any tender."""

CODES = ("D1", "D2", "T1", "T2", "T3", "C1", "O1", "O2", "E1", "E2", "V1", "P2", "P3", "W1", "W2", "K1", "A1", "F1", "F2", "X1", "X2")
"""One tender of the demo city for each stage at which tenders wait there (see yiwang.demo.scripts)."""

ONE_OF_EACH_STATE = ("D2", "T3", "C1", "O2", "E2", "V1", "P2", "W1", "K1", "A1", "F1", "X1")


@dataclass(frozen=True)
class Looked:
    """A tender of the city, with what the expectations are about.

    Attributes:
        parts: person's username to the roles that the person has in it, read from the tables, not from the permits.
        document: hash of one of its documents, '' when it has none.
    """

    code: str
    number: str
    state: str
    parts: dict[str, set[str]]
    document: str

    def has(self, person: str, *roles: str) -> bool:
        """Whether a person has one of the roles."""
        return bool(self.parts.get(person, set()) & set(roles))


_sessions: dict[str, str] = {}
"""Username to the session in which that person is signed in."""


@contextmanager
def signing_in() -> Iterator[None]:
    """The cast is signed in once, for all tests on the same city."""
    from yiwang.modules.parties import selectors

    for name in filter(None, PEOPLE):
        client = Client()
        client.force_login(selectors.person_named(name))
        _sessions[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
    yield
    _sessions.clear()


def clients(**options: Any) -> dict[str, Client]:
    """A browser for each person, signed in."""
    made = beside({name: Client(**options) for name in PEOPLE})
    for name in PEOPLE:
        if name:
            made[name].cookies[settings.SESSION_COOKIE_NAME] = _sessions[name]
    return made


def beside(made: dict[str, Client]) -> dict[str, Client]:
    """Lets browsers of one kind share what Django makes for each when it is first used: its chain of middleware."""
    first = next(iter(made.values())).handler
    for each in made.values():
        each.handler = first
    return made


def looked_at() -> dict[str, Looked]:
    """The city's tenders by their codes."""
    from yiwang.modules.evidence.actors import SYSTEM
    from yiwang.modules.tenders import selectors

    found = {each.source.partition(":")[2]: each for each in selectors.visible_to(SYSTEM)}
    return {code: _looked(code, found[code]) for code in CODES}


def _looked(code: str, tender: Any) -> Looked:
    document = tender.documents.first()
    return Looked(code, tender.number, tender.state, _parts(tender), document.sha256 if document else "")


def _parts(tender: Any) -> dict[str, set[str]]:
    parts: dict[str, set[str]] = {name: set() for name in PEOPLE}
    parts["jia"], parts["yi"] = {"buyer", "host"}, {"host"}
    parts["center"], parts["geng"] = {"center"}, {"supervisor"}
    for name in ("bing", "ding"):
        parts[name] = {"tenderer"}
        if tender.objections.filter(by__people__username=name).exists():
            parts[name].add("objector")
        if tender.bids.filter(standing__in=["opened", "faulty"], tenderer__people__username=name).exists():
            parts[name].add("bidder")
    award = getattr(tender, "award", None)
    if award is not None and award.notified_at:
        for name in ("bing", "ding"):
            if award.tenderer.people.filter(username=name).exists():
                parts[name].add("supplier")
    if tender.custodians.filter(person__username="ji").exists():
        parts["ji"] = {"custodian"}
    if hasattr(tender, "draw") and tender.draw.seats.filter(expert__person__username="wu", left_at=None).exists():
        parts["wu"] = {"evaluator"}
    return parts
