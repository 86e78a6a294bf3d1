"""The public log: its name, keys, size and newest checkpoint."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.kernel.errors import NotVisible
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.sequencer import the_log

_PLAIN = "text/plain; charset=utf-8"


def log(request: HttpRequest) -> HttpResponse:
    """Show the log's page."""
    known = the_log()
    newest = evidence.latest_checkpoint()
    context = {
        "origin": known.origin,
        "vkeys": known.keys.vkeys_text().splitlines(),
        "newest": newest,
        "root": bytes(newest.root).hex() if newest else "",
        "last": newest.size - 1 if newest and newest.size else None,
        "asked": request.GET.get("index", ""),
    }
    return render(request, "desks/public/log.html", context)


def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint as C2SP signed note."""
    newest = evidence.latest_checkpoint()
    if newest is None:
        raise NotVisible
    return HttpResponse(newest.note, content_type=_PLAIN, headers={"Cache-Control": "max-age=2"})


def vkeys(request: HttpRequest) -> HttpResponse:
    """The log's verifier keys, one a line."""
    return HttpResponse(the_log().keys.vkeys_text(), content_type=_PLAIN)
