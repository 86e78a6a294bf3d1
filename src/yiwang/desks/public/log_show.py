"""The public log: its name, keys, size and newest checkpoint."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from yiwang.kernel.errors import NotVisible
from yiwang.kernel.text import Text
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.sequencer import the_log
from yiwang.ui.shapes import Fact

_PLAIN = "text/plain; charset=utf-8"


def log(request: HttpRequest) -> HttpResponse:
    """Show the log's page."""
    known, newest = the_log(), evidence.latest_checkpoint()
    asked = request.GET.get("index", "").strip()
    if newest and asked.isascii() and asked.isdigit() and int(asked) < newest.size:
        return redirect("public:evidence", int(asked))
    context = {
        "origin": known.origin,
        "vkeys": known.keys.vkeys_text().splitlines(),
        "newest": newest,
        "log_facts": _facts(known.origin, newest),
        "last": newest.size - 1 if newest else -1,
        "asked": asked,
        "missing": bool(asked),
    }
    return render(request, "desks/public/log.html", context)


def _facts(origin: str, newest: Any) -> list[Fact]:
    rows = [Fact(Text("名称（origin）", "Name (origin)"), origin)]
    if newest is None:
        return rows
    return [
        *rows,
        Fact(Text("条目数", "Entries"), newest.size, "number"),
        Fact(Text("根", "Root"), bytes(newest.root).hex()),
        Fact(Text("检查点签于", "Checkpoint signed"), newest.at, "when"),
    ]


def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint as C2SP signed note."""
    newest = evidence.latest_checkpoint()
    if newest is None:
        raise NotVisible
    return HttpResponse(newest.note, content_type=_PLAIN, headers={"Cache-Control": "max-age=2"})


def vkeys(request: HttpRequest) -> HttpResponse:
    """The log's verifier keys, one a line."""
    return HttpResponse(the_log().keys.vkeys_text(), content_type=_PLAIN)
