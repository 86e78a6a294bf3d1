"""One tender for everybody: exactly what is public of it at this moment."""

from __future__ import annotations

import tempfile
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.desks import timeline
from yiwang.desks.shown import state_tag
from yiwang.kernel.errors import NotVisible
from yiwang.kernel.text import Text
from yiwang.modules.awards import selectors as awards
from yiwang.modules.bids import selectors as bids
from yiwang.modules.contracts import selectors as contracts
from yiwang.modules.evaluations import selectors as evaluations
from yiwang.modules.evidence import dossier as dossiers
from yiwang.modules.evidence import files
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.experts import selectors as experts
from yiwang.modules.openings import selectors as openings
from yiwang.modules.remedies import selectors as remedies
from yiwang.modules.tenders import selectors as tenders
from yiwang.modules.tenders.acts import CATEGORIES, DOCUMENT_KINDS
from yiwang.ui import shapes


def tender(request: HttpRequest, number: str) -> HttpResponse:
    """Show the tender's page."""
    found = tenders.tender(PUBLIC, number)
    return render(request, "desks/public/tender.html", public_facts(found))


def public_facts(found: Any) -> dict[str, Any]:
    """All that anybody may know of a tender now, for the page."""
    report = evaluations.report(PUBLIC, found)
    return {
        "tender": found,
        "lot": found.lots.first(),
        "category": CATEGORIES[found.category],
        "state": state_tag(found),
        "steps": timeline.steps(found),
        "files": [file_of(found, document) for document in tenders.documents(found)],
        "clarifications": tenders.clarifications(PUBLIC, found),
        "opening": openings.opening(found),
        "bids": bids.opened(found),
        "custodians": openings.custodians(found),
        "draw": experts.draw(found),
        "committee": experts.committee(found) if experts.names_shown(found) else [],
        "report": report,
        "results": report.content["ranking"]["results"] if report else [],
        "publicity": awards.publicity(found),
        "objections": remedies.objections(PUBLIC, found),
        "award": awards.award(PUBLIC, found),
        "contract": contracts.contract(found) if found.state in ("contracted", "archived") else None,
    }


def file_of(found: Any, document: Any) -> shapes.File:
    """A tender's document for the list of files."""
    return shapes.File(
        name=document.title,
        url=reverse("public:document", args=[found.number, document.sha256]),
        size=document.size,
        sha256=document.sha256,
        kind=DOCUMENT_KINDS.get(document.kind, Text(document.kind, document.kind)),
        at=document.attached_at,
    )


def document(request: HttpRequest, number: str, sha256: str) -> HttpResponse | FileResponse:
    """Give out a document: no sign-in, no trace of who took it (招标投标法 第22条)."""
    found = tenders.tender(request.actor, number)  # type: ignore[attr-defined]
    item = tenders.documents(found).filter(sha256=sha256).first()
    if item is None:
        raise NotVisible
    return FileResponse(files.path_of(sha256).open("rb"), as_attachment=True, filename=item.filename, content_type=item.media_type)


def dossier(request: HttpRequest, number: str) -> FileResponse:
    """The dossier as it is public now, for ``yiwang verify``."""
    tenders.tender(PUBLIC, number)
    out = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    dossiers.build(number, out)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"{number}.zip", content_type="application/zip")
