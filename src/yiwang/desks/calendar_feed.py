"""Calendars that other programs subscribe to (RFC 5545): the center's, a public tender's, and one's own.

The own feed has a secret address: who has it reads what falls due in that person's tenders. It is signed, bound to the
password, and so ends when the password changes or the account is closed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yiwang.desks import falls_due
from yiwang.desks.access import actor_of
from yiwang.kernel import moment
from yiwang.kernel.clock_count import day_of
from yiwang.kernel.errors import NotVisible
from yiwang.kernel.icalendar import Entry, calendar
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import PUBLIC, Actor
from yiwang.modules.parties import selectors as parties
from yiwang.modules.tenders import selectors as tenders
from yiwang.modules.venues import selectors as venues

SALT = "yiwang.calendar"
OPENING_MINUTES = 60
AHEAD = timedelta(days=400)
MOST = 2000
"""Entries of one person's feed, the soonest first."""


def center(request: HttpRequest) -> HttpResponse:
    """The center's calendar: openings of public tenders, rest days on duty, closures."""
    now = moment.now()
    fixed = tenders.visible_to(PUBLIC).filter(state="tendering", deadline__gte=now).order_by("deadline")[:500]
    entries = [_opening(request, each) for each in fixed]
    for day in venues.days(first=day_of(now), last=day_of(now + AHEAD)):
        name = Text("交易中心值班", "the center is on duty") if day.kind == "staffed" else Text("交易中心不办公", "the center is closed")
        entries.append(Entry(f"{day.chain}@yiwang", day.day, str(name), day.reason, _url(request, reverse("public:calendar"))))
    return _file(str(Text("开标日历", "Openings")), entries)


def tender(request: HttpRequest, number: str) -> HttpResponse:
    """The dates of one tender that everybody may see."""
    found = tenders.tender(PUBLIC, number)
    return _file(found.title, _entries(request, falls_due.all_of(PUBLIC, [found]), "public:tender"))


def own_address(request: HttpRequest) -> str:
    """The secret address of the reader's own feed."""
    person = actor_of(request).person
    token = signing.Signer(salt=SALT).sign_object([str(person.pk), _binding(person)])  # without a time: one address, always the same
    return _url(request, reverse("desk:own_calendar", args=[token]))


def own(request: HttpRequest, token: str) -> HttpResponse:
    """What falls due in the tenders of the person for whom the address was made; 404 for any other address."""
    try:
        pk, binding = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError):
        raise NotVisible from None
    person = parties.person_by_id(pk)
    if person is None or not person.is_active or _binding(person) != binding:
        raise NotVisible
    actor = Actor(person=person, organisation=person.organisation)
    falls = falls_due.all_of(actor, until=moment.now() + AHEAD)[:MOST]
    response = _file(str(Text("一网：我的期限", "yiwang: my dates")), _entries(request, falls, "desk:tender"))
    response["Cache-Control"] = "private, no-store"
    return response


def _binding(person: Any) -> str:
    return sha256(f"{person.pk}:{person.password}".encode()).hexdigest()[:16]


def _opening(request: HttpRequest, tender: Any) -> Entry:
    name = Text(f"开标：{tender.title}", f"Opening: {tender.title}")
    url = _url(request, reverse("public:tender", args=[tender.number]))
    return Entry(f"{tender.number}/close@yiwang", tender.deadline, str(name), tender.number, url, OPENING_MINUTES)


def _entries(request: HttpRequest, falls: Iterable[falls_due.Falls], page: str) -> list[Entry]:
    return [
        Entry(
            f"{each.tender.number}/{each.step.key}@yiwang",
            each.at,
            f"{each.what}：{each.tender.title}",
            "\n".join((each.tender.number, *each.articles)),
            _url(request, reverse(page, args=[each.tender.number])),
        )
        for each in falls
    ]


def _url(request: HttpRequest, path: str) -> str:
    return request.build_absolute_uri(path)


def _file(name: str, entries: Iterable[Entry]) -> HttpResponse:
    response = HttpResponse(calendar(name, entries, moment.now()), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="yiwang.ics"'
    return response
