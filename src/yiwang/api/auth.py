"""Who asks: a browser's session (with CSRF), or HTTP Basic over the same accounts for programs."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import unquote

from django.contrib.auth import authenticate
from django.core.cache import cache
from django.http import HttpRequest
from ninja.errors import AuthenticationError, AuthorizationError, HttpError
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from yiwang.api.problems import bad_text
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties import account_events, attempts, factors
from yiwang.modules.parties.services import actor_of

NOTED_EVERY = 3600
"""Seconds for which further sign-ins of a program from the same network are not written down again."""


class SecondFactorNeeded(YiwangError):
    """The account has a second factor, which a password in a header cannot give."""

    status = 401

    def __init__(self) -> None:
        message = Text("这个账号启用了第二因素，接口不接受单独的密码", "this account has a second factor; the password alone is not taken here")
        passes = Text("在浏览器登录后使用；程序请用本单位另设的、不启用第二因素的专用账号",
                      "use the session of a browser; for programs, an account of your organisation kept for them, without second factor")
        super().__init__(Reason("second_factor", message, passes=passes))


class StepUpNeeded(YiwangError):
    """An important act by a session in which it was not confirmed lately who sits there."""

    status = 403

    def __init__(self, act: str) -> None:
        why = factors.STEP_UP[act]
        message = Text(f"办理前须再确认一次是您本人：{why.zh}", f"confirm once more that it is you: {why.en}")
        place = f"/account/confirm/?act={act}"
        super().__init__(Reason("step_up", message, passes=Text(f"在浏览器打开 {place} 确认", f"confirm at {place} in the browser")))


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
    seen = account_events.where(request.headers.get("User-Agent", ""), who[1])
    if person is None:
        attempts.failed(*who)
        account_events.note_try(given["username"], "sign_in", seen, how="api")
        raise AuthenticationError
    attempts.succeeded(*who)
    refused = factors.factors_of(person).any
    if cache.add(f"api-{person.pk}-{seen.place}-{refused}", 1, NOTED_EVERY):
        account_events.note(person, "sign_in", seen, how="api", ok=not refused)
    if refused:
        raise SecondFactorNeeded
    return person


def check_fresh(request: HttpRequest, act: str) -> None:
    """An important act in a browser's session asks who sits there; a password that comes with every request needs no more.

    Raises:
        StepUpNeeded: that was not confirmed within the last minutes.
    """
    if act in factors.STEP_UP and "Authorization" not in request.headers and not factors.is_fresh(request.session):
        raise StepUpNeeded(act)


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
