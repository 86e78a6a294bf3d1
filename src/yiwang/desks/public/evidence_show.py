"""Evidence for everybody: the acts of a tender, and one entry of the log with what is disclosed of it."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.kernel.errors import NotVisible
from yiwang.modules.evidence import disclosure, registry
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.tenders import selectors as tenders


def chain(request: HttpRequest, number: str) -> HttpResponse:
    """The acts of a tender in order; what is not public yet stands there as a blind entry."""
    found = tenders.tender(PUBLIC, number)
    return render(request, "desks/public/chain.html", {"tender": found, "acts": disclosure.listed(found)})


def entry(request: HttpRequest, index: int) -> HttpResponse:
    """One entry of the log, with the act if it is public."""
    act = evidence.act_at(index)
    if act is None:
        raise NotVisible
    shown = disclosure.is_disclosed(act)
    context = {
        "index": index,
        "entry": bytes(act.entry).hex(),
        "act": act if shown else None,
        "row": registry.row_of(act.act) if shown else None,
        "salt": bytes(act.salt).hex() if shown else "",
        "content": json.dumps(json.loads(bytes(act.canonical)), ensure_ascii=False, indent=2) if shown else "",
        "checkpoint_after": evidence.first_checkpoint_after(act),
    }
    return render(request, "desks/public/entry.html", context)
