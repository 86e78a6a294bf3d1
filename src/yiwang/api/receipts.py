"""Receipts: where an act stands in the log, for those who did it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from yiwang.api.auth import MEMBER, actor_in
from yiwang.api.problems import ERRORS
from yiwang.kernel.errors import NotVisible
from yiwang.kernel.moment import stamp
from yiwang.modules.evidence import selectors as evidence

router = Router(tags=["evidence"])


class Receipt(Schema):
    """What proves that an act was taken: keep it. ``entry`` is SHA-256 then SM3 of salt and canonical act."""

    act: int = Field(description="id of the act; GET /receipts/{id} gives this receipt again")
    name: str
    tender: str | None = Field(description="the tender that the act openly belongs to; secret acts name none here")
    subject: str = Field(description="the chain that the act belongs to")
    seq: int
    at: str
    entry: str = Field(description="hex, 64 bytes, as the log holds it")
    salt: str = Field(description="hex; with canonical it gives the entry")
    canonical: str = Field(description="RFC 8785 JSON of the act")
    index: int | None = Field(description="place in the log; null until the sequencer has given it")
    checkpoint: str | None = Field(description="the first signed checkpoint that covers the act")
    witnessed: str | None = Field(
        description="the smallest checkpoint that covers the act and has the cosignatures that the log's policy asks for; "
        "null while they are missing"
    )
    repeated: bool = Field(description="true when the same Idempotency-Key had been carried out before")


def receipt_json(act: Any, *, repeated: bool = False, new: bool = False) -> dict[str, Any]:
    """The receipt of an act as :class:`Receipt` has it; a new one has no place in the log yet, so none is looked for."""
    found = evidence.Receipt(act, None, None) if new else evidence.receipt(act)
    return {
        "act": act.pk,
        "name": act.act,
        "tender": act.tender.number if act.tender_id else None,
        "subject": act.subject,
        "seq": act.seq,
        "at": stamp(act.at),
        "entry": bytes(act.entry).hex(),
        "salt": bytes(act.salt).hex(),
        "canonical": bytes(act.canonical).decode(),
        "index": found.index,
        "checkpoint": found.checkpoint.note if found.checkpoint else None,
        "witnessed": found.seen.note if found.seen and found.seen.quorum else None,
        "repeated": repeated,
    }


@router.get("/receipts/{act}", auth=MEMBER, response={200: Receipt, **ERRORS}, operation_id="receipts.get")
def receipt(request: HttpRequest, act: int) -> dict[str, Any]:
    """The receipt of one of your own acts, or of your organisation's."""
    found = evidence.own_act(actor_in(request), act) if 0 < act < 2**63 else None
    if found is None:
        raise NotVisible
    return receipt_json(found)
