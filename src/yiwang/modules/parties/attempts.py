"""A brake on guessing passwords: after a few failures for one name from one address, wait; longer each time.

Counts are kept in the process's cache: with several web processes the brake is as many times weaker, never absent.
"""

from __future__ import annotations

import hashlib
import time

from django.core.cache import cache

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text

FREE = 5
"""Failures that cost no waiting."""
FIRST_WAIT, MOST_WAIT = 30, 900
"""Seconds to wait after the first failure too many, and at most."""
FORGET = 3600


def _key(username: str, address: str) -> str:
    return "login-" + hashlib.sha256(f"{username.lower()} {address}".encode()).hexdigest()


def seconds_to_wait(username: str, address: str) -> int:
    """How many seconds must pass before another try; 0: none."""
    until: float = cache.get(_key(username, address) + "-until", 0)
    return max(0, int(until - _now() + 0.999))


def check(username: str, address: str, field: str) -> None:
    """BadInput on ``field`` while one has to wait."""
    wait = seconds_to_wait(username, address)
    if wait:
        passes = Text(f"{wait} 秒后再试", f"try again in {wait} seconds")
        raise bad(field, f"尝试次数过多，请 {wait} 秒后再试", f"too many tries; wait {wait} seconds", code="attempts", passes=passes)


def failed(username: str, address: str) -> None:
    """Note a failure."""
    key = _key(username, address)
    count = cache.get(key, 0) + 1
    cache.set(key, count, FORGET)
    if count >= FREE:
        wait = min(MOST_WAIT, FIRST_WAIT * 2 ** min(count - FREE, 10))
        cache.set(key + "-until", _now() + wait, wait)


def succeeded(username: str, address: str) -> None:
    """Forget the failures."""
    key = _key(username, address)
    cache.delete_many([key, key + "-until"])


def _now() -> float:
    """The machine's clock, not the demo city's: guessing goes on in real time."""
    return time.time()
