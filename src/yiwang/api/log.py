"""GET: the log's newest checkpoint and the keys that verify it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

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


class Cover(Schema):
    """An entry of the log that stands for no act: SHA-256 and SM3 of salt and canonical give it."""

    index: int
    entry: str = Field(description="hex, 64 bytes, as the log holds it")
    salt: str
    canonical: str


@router.get("/log/covers", response={200: list[Cover], **ERRORS}, operation_id="log.covers")
def covers(request: HttpRequest, start: int = 0) -> list[dict[str, Any]]:
    """Disclosed cover entries from a log index on, 500 at most: go on after the last one. A cover is disclosed once
    every tender that took bids when it was made is opened or has ended.
    """
    return [
        {
            "index": act.log_entry.index,
            "entry": bytes(act.entry).hex(),
            "salt": bytes(act.salt).hex(),
            "canonical": bytes(act.canonical).decode(),
        }
        for act in evidence.covers(max(0, min(start, 2**62)), 500)
    ]
