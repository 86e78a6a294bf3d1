"""Everything about a tender that somebody may ask the site for, as it comes over the wire."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from tests.site.expectations import ACTS, ON_A_TENDER, ONLY_POST, PLAIN, SIGNED

LISTS = tuple(
    route
    for route, answer in PLAIN.items()
    if answer != ONLY_POST and not route.startswith(("law/", "ui/", "check/", "help/", "register/", "api/v1/openapi", "api/v1/rules", "api/v1/proc"))
)
"""Addresses without arguments at which something of a tender could stand: all but those that only do something, the law,
the reading pages and the design system."""

_VARYING = (
    (re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+'), r"\1"),
    (re.compile(r'(name="request_key" value=")[^"]+'), r"\1"),
    (re.compile(r"\b[0-9a-f]{128}\b"), "<entry>"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<hash>"),
    (re.compile(r"\b[0-9a-f]{6,16}(…|\.\.\.)[0-9a-f]*"), "<short hash>"),
    (re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=])"), "<hash>"),
    (re.compile(r"(?m)^— \S+ \S+$"), "<signature>"),
    (re.compile(r"(· )[0-9a-f]{16}\b"), r"\1<short root>"),
    (re.compile(r'(<span class="qr[^>]*>)<svg.*?</svg>', re.DOTALL), r"\1<QR code of a root or secret>"),
    (re.compile(r'(<code class="totp-secret">)[^<]+'), r"\1<secret>"),
)
"""What differs between any two answers: tokens against forgery, random salts and what is hashed or signed over them.
Numbers, sizes, indexes and times do not: they must agree to the digit."""


def addresses(number: str, document: str, indexes: Iterable[int]) -> Iterator[str]:
    """Every address that can be read, filled with one tender, one of its documents and some places of the log."""
    for route in LISTS:
        yield f"/{route}"
    for route in ON_A_TENDER:
        for name, value in (("number", number), ("sha256", document)):
            route = re.sub(rf"<(str:)?{name}>", value, route)  # noqa: PLW2901
        yield f"/{route}"
    for act in ACTS:
        yield f"/desk/tenders/{number}/{act}/"
    for act in SIGNED:
        yield f"/api/v1/tenders/{number}/acts/{act}/statement"
    for index in indexes:
        for end in ("", "content.json", "proof"):
            yield f"/evidence/{index}/{end}"


def answer(client: Any, url: str) -> tuple[int, str, bytes]:
    """Status, media type and body; of a zip file its members' contents one after the other."""
    got = client.get(url)
    body = b"".join(got.streaming_content) if got.streaming else got.content
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(name.encode() + b"\n" + archive.read(name) for name in sorted(archive.namelist()))
    return got.status_code, got.headers.get("Content-Type", ""), body


def comparable(body: bytes) -> str:
    """An answer without what differs between any two answers."""
    text = body.decode("utf-8", errors="backslashreplace")
    for pattern, instead in _VARYING:
        text = pattern.sub(instead, text)
    return text


def alike(one: bytes, other: bytes) -> bool:
    """Whether two answers are the same but for what differs between any two answers. Only lines that differ are looked into."""
    if one == other:
        return True
    pairs = (one.split(b"\n"), other.split(b"\n"))
    if len(pairs[0]) == len(pairs[1]) and all(a == b or comparable(a) == comparable(b) for a, b in zip(*pairs, strict=True)):
        return True
    return comparable(one) == comparable(other)
