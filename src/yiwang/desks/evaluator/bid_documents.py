"""The documents inside opened bids: for the committee alone, and only after the declaration of no conflict.

Prices are read out at the opening (招标投标法 第36条); what else stands in a bid is nobody's but the committee's.
"""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse

from yiwang.desks.access import signed_in
from yiwang.kernel.errors import NotVisible
from yiwang.modules.evaluations import selectors as evaluations
from yiwang.modules.evidence import files
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.tenders import selectors as tenders
from yiwang.ui.shapes import File


def documents_of(tender: Any, bid: Any) -> list[File]:
    """The documents of an opened bid, with their addresses for the committee."""
    return [
        File(each["name"], reverse("evaluator:document", args=[tender.number, bid.pk, each["sha256"]]), each["size"], each["sha256"])
        for each in (bid.manifest or {}).get("documents", ())
    ]


@signed_in
def document(request: HttpRequest, number: str, bid: str, sha256: str) -> HttpResponse:
    """One document of one bid, as a download; refusals as :func:`yiwang.modules.evaluations.selectors.bid_documents`."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    listed = evaluations.bid_documents(actor, tenders.tender(actor, number), bid)
    entry = next((each for each in listed if each["sha256"] == sha256), None)
    path = files.path_of(sha256)
    if entry is None or not path.is_file():
        raise NotVisible
    opened = path.open("rb")
    return FileResponse(opened, as_attachment=True, filename=entry["name"], content_type="application/octet-stream")  # type: ignore[return-value]
