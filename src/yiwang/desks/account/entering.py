"""How every sign-in ends, whatever it began with: the session, its row in the list, and the record of it."""

from __future__ import annotations

import time
from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.modules.parties import account_events, open_sessions, passkeys
from yiwang.modules.parties.account_events import Where

HALF = "half_signed_in"
"""Key in a session's data: who has given the password and not yet the second factor."""
HALF_SECONDS = 600
CHALLENGE = "passkey_challenge"
CHALLENGE_SECONDS = 300


def where(request: HttpRequest) -> Where:
    """From where the request comes, as coarsely as it is kept."""
    return account_events.where(request.headers.get("User-Agent", ""), request.META.get("REMOTE_ADDR", ""))


def enter(request: HttpRequest, person: Any, how: str) -> None:
    """Sign the person in: a session with a new key, listed, and written down."""
    open_sessions.closed(request.session)  # somebody signs in again without signing out
    login(request, person)
    request.session.pop(HALF, None)
    open_sessions.opened(request.session, person, how, where(request))
    account_events.note(person, "sign_in", where(request), how=how)


def half_way(request: HttpRequest, person: Any) -> None:
    """The password was right; the second factor is still to come."""
    request.session[HALF] = {"person": str(person.pk), "at": time.time()}


def half_signed_in(request: HttpRequest) -> str:
    """The id of the person who has given the password a short while ago; '' when there is none."""
    half = request.session.get(HALF) or {}
    return half["person"] if half and 0 <= time.time() - half["at"] < HALF_SECONDS else ""


def site_of(request: HttpRequest) -> passkeys.Site:
    """The host and origin to which passkeys belong."""
    host = request.get_host()
    return passkeys.Site(host if host.endswith("]") else host.rsplit(":", 1)[0], f"{request.scheme}://{host}")


def ask_passkey(request: HttpRequest, purpose: str, asked: passkeys.Asked) -> dict[str, Any]:
    """Remember the challenge for one purpose, and give the options."""
    request.session[CHALLENGE] = {"purpose": purpose, "challenge": asked.challenge, "at": time.time()}
    return asked.options


def challenge_for(request: HttpRequest, purpose: str) -> str:
    """The remembered challenge, used up by this.

    Raises:
        BadInput: none for this purpose, or too old.
    """
    kept = request.session.pop(CHALLENGE, None)
    if not kept or kept["purpose"] != purpose or not 0 <= time.time() - kept["at"] < CHALLENGE_SECONDS:
        raise bad("credential", "这次操作已过时", "this took too long", passes=Text("再按一次按钮", "press the button once more"))
    return str(kept["challenge"])
