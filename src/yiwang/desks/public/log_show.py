"""The public log: its name, keys, size and newest checkpoint; and what it is, in plain words."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yiwang.kernel.text import Text
from yiwang.modules.evidence import witnessing
from yiwang.modules.evidence.sequencer import the_log
from yiwang.ui.shapes import Fact

_SHOWN = 120
"""Letters of a line of a key or signature that the page shows."""


def log(request: HttpRequest) -> HttpResponse:
    """Show the log's page."""
    known, newest = the_log(), witnessing.newest()
    asked = request.GET.get("index", "").strip()
    if newest and asked.isascii() and asked.isdigit() and int(asked) < newest.size:
        return redirect("public:evidence", int(asked))
    context = {
        "origin": known.origin,
        "vkeys": [shortened(line) for line in known.keys.vkeys_text().splitlines()],
        "newest": newest,
        "note": [shortened(line) for line in newest.note.splitlines()] if newest else [],
        "log_facts": _facts(known.origin, newest),
        "last": newest.size - 1 if newest else -1,
        "asked": asked,
        "missing": bool(asked),
        "prefix": request.build_absolute_uri(reverse("public:log")).rstrip("/"),
    }
    return render(request, "desks/public/log.html", context)


def shortened(line: str) -> str:
    """The beginning of a long line; signatures and keys against quantum computers have thousands of letters."""
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def _facts(origin: str, newest: Any) -> list[Fact]:
    rows = [Fact(Text("名称（origin）", "Name (origin)"), origin)]
    if newest is None:
        return rows
    return [
        *rows,
        Fact(Text("条目数", "Entries"), newest.size, "number"),
        Fact(Text("根", "Root"), newest.root.hex()),
        Fact(Text("检查点签于", "Checkpoint signed"), newest.at, "when"),
    ]


def about(request: HttpRequest) -> HttpResponse:
    """What the log is and why one may believe it, for everybody."""
    return render(request, "desks/public/about.html")
