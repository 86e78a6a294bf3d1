"""Checking in the reader's own browser: the page, and the one file that does the same without a network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static

from yiwang.kernel.errors import NotVisible
from yiwang.modules.evidence.sequencer import the_log
from yiwang.modules.outreach import services as outreach
from yiwang.ui import bundles

MODULE = "build/check-page.js"
OFFLINE = "build/yiwang-check.html.txt"
"""Named .txt: on the center's own origin it is never run as a page, it is only handed out as a file."""


@dataclass(frozen=True)
class Page:
    """The file that checks without a network: its bytes, length, and SHA-256 in hex."""

    content: bytes
    size: int
    sha256: str


def check(request: HttpRequest) -> HttpResponse:
    """How anybody checks a result: here in the browser, without a network, or with one command."""
    module = static(MODULE) if finders.find(MODULE) else ""
    fixed = bundles.integrity("check-page.js") if module else ""
    context = {"origin": the_log().origin, "module": module, "integrity": fixed, "offline": _offline()}
    return render(request, "desks/public/check.html", context)


def offline(request: HttpRequest) -> HttpResponse:
    """The one file that checks dossiers and receipts without a network; always as a download. 404 when it was not built."""
    page = _offline()
    if page is None:
        raise NotVisible
    outreach.count("check_page")
    headers = {"Content-Disposition": 'attachment; filename="yiwang-check.html"', "Cache-Control": "no-cache"}
    return HttpResponse(page.content, content_type="text/html; charset=utf-8", headers=headers)


def _offline() -> Page | None:
    found = finders.find(OFFLINE)
    return _read(Path(found), Path(found).stat().st_mtime_ns) if found else None


@lru_cache(maxsize=1)
def _read(path: Path, changed: int) -> Page:
    content = path.read_bytes()
    return Page(content, len(content), sha256(content).hexdigest())
