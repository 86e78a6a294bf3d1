"""Who asks: a browser's session (with CSRF), or HTTP Basic over the same accounts for programs."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import unquote

from django.contrib.auth import authenticate
from django.http import HttpRequest
from ninja.errors import AuthenticationError, AuthorizationError, HttpError
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from yiwang.api.problems import bad_text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties import attempts
from yiwang.modules.parties.services import actor_of

_SAFE = ("GET", "HEAD", "OPTIONS")


class Anybody(AuthBase):
    """Sets ``request.actor``; people who have not signed in are the public."""

    openapi_type = "http"
    openapi_scheme = "basic"
    openapi_description = "User name and password of an account; browsers use their session and the CSRF header instead."

    def __call__(self, request: HttpRequest) -> Actor:
        """The actor.

        Raises:
            AuthenticationError: wrong name or password.
            HttpError: 429 after too many failures.
            AuthorizationError: a session's unsafe request without CSRF token.
        """
        if "\x00" in request.path or "\x00" in unquote(request.META.get("QUERY_STRING", "")):
            raise bad_text("url")
        actor = self._actor(request)
        request.actor = actor  # type: ignore[attr-defined]
        return actor

    def _actor(self, request: HttpRequest) -> Actor:
        header = request.headers.get("Authorization")
        if header:
            return actor_of(_person(request, _credentials(header)))
        actor = actor_of(request.user)  # type: ignore[arg-type]
        if actor.known and request.method not in _SAFE and check_csrf(request):
            raise AuthorizationError
        return actor


class Member(Anybody):
    """The same, but one must have signed in."""

    def __call__(self, request: HttpRequest) -> Actor:
        """The actor; AuthenticationError for the public."""
        actor = super().__call__(request)
        if not actor.known:
            raise AuthenticationError
        return actor


def actor_in(request: HttpRequest) -> Actor:
    """The actor that authentication found."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _person(request: HttpRequest, given: dict[str, str]) -> Any:
    """The person with these credentials; guessing is slowed: after some failures one waits."""
    who = (given["username"], request.META.get("REMOTE_ADDR", ""))
    if attempts.seconds_to_wait(*who):
        raise HttpError(429, "")
    person = authenticate(request, **given)
    if person is None:
        attempts.failed(*who)
        raise AuthenticationError
    attempts.succeeded(*who)
    return person


def _credentials(header: str) -> dict[str, str]:
    scheme, _, coded = header.partition(" ")
    try:
        name, colon, password = base64.b64decode(coded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise AuthenticationError from None
    if scheme.lower() != "basic" or not colon or "\x00" in name + password:
        raise AuthenticationError
    return {"username": name, "password": password}


ANYBODY, MEMBER = Anybody(), Member()
