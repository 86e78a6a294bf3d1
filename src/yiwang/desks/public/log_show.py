"""The public log: its name, keys, size and newest checkpoint."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.kernel.errors import NotVisible
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.sequencer import the_log


def log(request: HttpRequest) -> HttpResponse:
    """Show the log's page."""
    known = the_log()
    return render(
        request,
        "desks/public/log.html",
        {"origin": known.origin, "vkeys": known.keys.vkeys_text().splitlines(), "newest": evidence.latest_checkpoint()},
    )


def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint as C2SP signed note."""
    newest = evidence.latest_checkpoint()
    if newest is None:
        raise NotVisible
    return HttpResponse(newest.note, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "max-age=2"})


def vkeys(request: HttpRequest) -> HttpResponse:
    """The log's verifier keys, one a line."""
    return HttpResponse(the_log().keys.vkeys_text(), content_type="text/plain; charset=utf-8")
