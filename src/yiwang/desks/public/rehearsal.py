"""Rehearsal (试投): seal and open a bid as for a real tender, with test custodians whose keys are public. Nothing is kept:
no row, no file, no act; so it tells nobody that somebody is about to bid.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from yiwang.api import problems
from yiwang.desks.public import rehearsal_keys as demo
from yiwang.kernel.canonical import canonical
from yiwang.kernel.errors import Refused, YiwangError, bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.seal import envelope
from yiwang.seal.commitment import bid_commitment
from yiwang.seal.opening import Expected, Opened, open_envelope
from yiwang.ui import bundles

MOST = 50 * 2**20
"""Largest envelope in bytes that the server opens; larger ones the browser opens itself."""

A_MINUTE = 6
"""Openings a minute from one address."""

AT_ONCE = 2
"""Openings at the same time in one process: the pages of real tenders go first."""

_BLOCK = 2**20
_busy = threading.BoundedSemaphore(AT_ONCE)


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The page that seals and shows the opening."""
    facts = {
        "context": demo.CONTEXT.json(),
        "tenderer": demo.TENDERER,
        "custodians": list(demo.CUSTODIANS.recipients),
        "identities": list(demo.IDENTITIES.values()),
        "k": demo.K,
        "most": MOST,
        "open": reverse("public:rehearsal_open"),
        "worker": bundles.address("seal-worker.js"),
    }
    context = {"facts": canonical(facts).decode(), "pairs": demo.PAIRS, "k": demo.K, "n": len(demo.PAIRS)}
    return render(request, "desks/public/rehearsal.html", context)


@require_POST
def opened(request: HttpRequest) -> HttpResponse:
    """Open the envelope in the body with the published test keys, as at an opening; the envelope is gone with the answer."""
    try:
        _brake(request)
        with _received(request) as file:
            return JsonResponse(_opening(file, request.headers.get("X-Manifest-SHA256", "")))
    except YiwangError as error:
        return problems.problem(error.status, *error.reasons)


def _opening(file: IO[bytes], manifest_sha256: str) -> dict[str, Any]:
    """What an opening shows of a bid: commitment, decryption, signature, manifest."""
    sha256 = envelope.file_sha256(file)
    envelope.check(file, demo.CONTEXT, demo.CUSTODIANS)
    used = dict(list(demo.IDENTITIES.items())[: demo.K])
    expected = Expected(demo.CONTEXT, demo.TENDERER, sha256)
    began = time.perf_counter()
    with open_envelope(file, used, expected=expected, demand_signature=False) as found:
        return _shown(found, sha256, manifest_sha256) | {"milliseconds": round((time.perf_counter() - began) * 1000)}


def _shown(found: Opened, sha256: str, manifest_sha256: str) -> dict[str, Any]:
    salt = secrets.token_bytes(32)
    tenderer = found.manifest.tenderer
    return {
        "envelope_sha256": sha256,
        "commitment": bid_commitment(salt, demo.CONTEXT.lot, tenderer, sha256, found.manifest_sha256),
        "commit_salt": salt.hex(),
        "manifest_sha256": found.manifest_sha256,
        "manifest_as_said": found.manifest_sha256 == manifest_sha256,
        "signature_ok": found.signature_ok,
        "manifest": json.loads(canonical(found.manifest.json())),
    }


@contextmanager
def _received(request: HttpRequest) -> Iterator[IO[bytes]]:
    """The body in a temporary file that has no name; a Refused when too many are opened just now."""
    if not _busy.acquire(blocking=False):
        raise _wait(5)
    try:
        with tempfile.TemporaryFile() as file:
            size = 0
            while block := request.read(_BLOCK):
                size += len(block)
                if size > MOST:
                    raise bad("file", "试投文件超过 50 MB", "the rehearsal's file is larger than 50 MB",
                              passes=Text("在浏览器里打开，或换小一些的文件", "open it in the browser, or take a smaller file"))
                file.write(block)
            yield file
    finally:
        _busy.release()


def _brake(request: HttpRequest) -> None:
    """Refused when this address has opened too many in this minute; only a hash of it is kept, for that minute."""
    minute = int(time.time() // 60)
    address = hashlib.sha256(f"{minute} {request.META.get('REMOTE_ADDR', '')}".encode()).hexdigest()
    key = f"rehearsal-{address}"
    cache.add(key, 0, 60)
    try:
        count = cache.incr(key)
    except ValueError:  # the minute ended between the two lines
        return
    if count > A_MINUTE:
        raise _wait(60)


def _wait(seconds: int) -> Refused:
    reason = Reason(
        "rehearsal.busy",
        Text("现在试投的人太多", "too many are rehearsing just now"),
        passes=Text(f"{seconds} 秒后再试，或在浏览器里打开", f"try again in {seconds} s, or open it in the browser"),
    )
    error = Refused(reason)
    error.status = 429
    return error
