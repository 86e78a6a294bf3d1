"""GET: the log's newest checkpoint and the keys that verify it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from yiwang.api.auth import ANYBODY
from yiwang.api.problems import ERRORS
from yiwang.kernel.errors import NotVisible
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.sequencer import the_log

router = Router(tags=["evidence"], auth=ANYBODY)
_PLAIN = "text/plain; charset=utf-8"


@router.get("/log/checkpoint", response=ERRORS, operation_id="log.checkpoint")
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint as a C2SP signed note; 404 while the log is empty."""
    latest = evidence.latest_checkpoint()
    if latest is None:
        raise NotVisible
    return HttpResponse(latest.note, content_type=_PLAIN)


@router.get("/log/vkeys", response=ERRORS, operation_id="log.vkeys")
def vkeys(request: HttpRequest) -> HttpResponse:
    """The log's verifier keys, Ed25519 and ML-DSA-44, one a line. Take them from a second source too."""
    return HttpResponse(the_log().keys.vkeys_text(), content_type=_PLAIN)
