"""The browsers in which somebody is signed in: listed, and ended one by one or all at once."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet
from django.utils import timezone

from yiwang.kernel.errors import NotVisible
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties.account_events import Where
from yiwang.modules.parties.models import OpenSession, Person

MARK = "open_session"
"""Key in a session's data: the id of its row here."""
SEEN_EVERY = 60
"""Seconds after which "last seen" is written again."""


def opened(session: Any, person: Person, how: str, seen: Where) -> None:
    """A browser has just signed in; ``session`` is its Django session, with its new key."""
    now = timezone.now()
    OpenSession.objects.filter(seen_at__lt=now - timedelta(seconds=settings.SESSION_COOKIE_AGE)).delete()
    row = OpenSession.objects.create(
        person=person, session_key=session.session_key, how=how, device=seen.device, place=seen.place, opened_at=now, seen_at=now
    )
    session[MARK] = row.pk


def seen(session: Any) -> None:
    """The browser asked for something; written at most once a minute."""
    row = session.get(MARK)
    if row and cache.add(f"seen-{row}", 1, SEEN_EVERY):
        OpenSession.objects.filter(pk=row).update(seen_at=timezone.now())


def closed(session: Any) -> None:
    """The browser is about to sign out."""
    if session.get(MARK):
        OpenSession.objects.filter(pk=session[MARK]).delete()


def sessions_of(actor: Actor) -> QuerySet[OpenSession]:
    """The actor's own open sessions, the one used last first; those that have run out are left out."""
    if not actor.known:
        return OpenSession.objects.none()
    since = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return OpenSession.objects.filter(person=actor.person, seen_at__gte=since)


def end(actor: Actor, pk: int) -> None:
    """End one of the actor's own sessions: its browser is signed out at its next request.

    Raises:
        NotVisible: no such session of the actor's.
    """
    row = sessions_of(actor).filter(pk=pk).first()
    if row is None:
        raise NotVisible
    _end([row])


def end_all(person: Person) -> int:
    """End all sessions of a person; how many there were."""
    rows = list(OpenSession.objects.filter(person=person))
    _end(rows)
    return len(rows)


def end_others(person: Person, session: Any) -> int:
    """End all sessions of a person but this one; how many there were."""
    rows = list(OpenSession.objects.filter(person=person).exclude(pk=session.get(MARK)))
    _end(rows)
    return len(rows)


def renamed(session: Any) -> None:
    """The session got a new key (the password was changed)."""
    if session.get(MARK):
        OpenSession.objects.filter(pk=session[MARK]).update(session_key=session.session_key)


def _end(rows: list[OpenSession]) -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for row in rows:
        store().delete(row.session_key)
    OpenSession.objects.filter(pk__in=[row.pk for row in rows]).delete()
