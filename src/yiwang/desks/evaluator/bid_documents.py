"""The documents inside opened bids: for the committee alone, and only after the declaration of no conflict.

Prices are read out at the opening (招标投标法 第36条); what else stands in a bid is nobody's but the committee's
(第38条、第44条), neither the host's nor the public's.
"""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse

from yiwang.desks.access import signed_in
from yiwang.kernel import moment
from yiwang.kernel.errors import NotVisible, Refused
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evaluations import rules
from yiwang.modules.evidence import files
from yiwang.modules.evidence.actors import Actor, has_role
from yiwang.modules.tenders import selectors as tenders
from yiwang.ui.shapes import File

READABLE = ("evaluating", "evaluated", "publicity")
"""States in which the committee reads bids: while it evaluates, and while objections may call it back."""


def documents_of(tender: Any, bid: Any) -> list[File]:
    """The documents of an opened bid, with their addresses for the committee."""
    return [
        File(each["name"], reverse("evaluator:document", args=[tender.number, bid.pk, each["sha256"]]), each["size"], each["sha256"])
        for each in (bid.manifest or {}).get("documents", ())
    ]


@signed_in
def document(request: HttpRequest, number: str, bid: str, sha256: str) -> HttpResponse:
    """One document of one bid, as a download.

    Raises:
        NotVisible: for everybody who has no seat in the committee, and outside the evaluation.
        Refused: before the own declaration of no conflict.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    tender = tenders.tender(actor, number)
    if not has_role("evaluator", actor, tender) or tender.state not in READABLE:
        raise NotVisible
    verdict = rules.declared(tender, actor, moment.now())
    if not verdict:
        raise Refused(*verdict.reasons)
    found = next((each for each in bids.opened(tender) if each.pk == bid), None)
    entry = next((each for each in listed(found) if each["sha256"] == sha256), None)
    path = files.path_of(sha256)
    if entry is None or not path.is_file():
        raise NotVisible
    found_file = path.open("rb")
    return FileResponse(found_file, as_attachment=True, filename=entry["name"], content_type="application/octet-stream")  # type: ignore[return-value]


def listed(bid: Any) -> list[dict[str, Any]]:
    """The documents that an opened bid's manifest lists."""
    return list((bid.manifest or {}).get("documents", ())) if bid is not None else []
