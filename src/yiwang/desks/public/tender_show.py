"""One tender for everybody: exactly what is public of it at this moment; its notice and its opening record on paper."""

from __future__ import annotations

import tempfile
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.desks.public import check_words
from yiwang.desks.public.tender_facts import public_facts
from yiwang.kernel import moment
from yiwang.kernel.errors import NotVisible
from yiwang.kernel.text import Text
from yiwang.modules.awards import selectors as awards
from yiwang.modules.evidence import dossier as dossiers
from yiwang.modules.evidence import files
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.openings import selectors as openings
from yiwang.modules.outreach import services as outreach
from yiwang.modules.parties import selectors as parties
from yiwang.modules.tenders import selectors as tenders
from yiwang.ui.shapes import Link


def tender(request: HttpRequest, number: str) -> HttpResponse:
    """Show the tender's page."""
    facts = public_facts(tenders.tender(PUBLIC, number))
    return render(request, "desks/public/tender.html", {**facts, **around(request, facts)})


def notice(request: HttpRequest, number: str) -> HttpResponse:
    """The award notice (中标通知书) as a page to print; 404 before it is out."""
    found = tenders.tender(PUBLIC, number)
    if awards.award(PUBLIC, found) is None:
        raise NotVisible
    facts = public_facts(found)
    signed = facts["award"].notice["signature"]
    more = {"notice_articles": facts["called"].articles, "signature": signed.get("signature", ""),
            "rests_on": parties.rests_on(signed, facts["award"].notified_at)}  # fmt: skip
    return render(request, "desks/public/notice.html", {**facts, **around(request, facts), **more})


def opening(request: HttpRequest, number: str) -> HttpResponse:
    """The opening record (开标记录) as a page to print; 404 before the opening."""
    found = tenders.tender(PUBLIC, number)
    known = openings.opening(found)
    if known is None or known.opened_at is None:
        raise NotVisible
    facts = public_facts(found)
    if facts["opening"] is None:  # who took part is still a secret
        raise NotVisible
    return render(request, "desks/public/opening.html", {**facts, **around(request, facts)})


def around(request: HttpRequest, facts: dict[str, Any]) -> dict[str, Any]:
    """What the pages of a tender need besides its facts: links, commands, addresses for print."""
    found = facts["tender"]
    page = reverse("public:tender", args=[found.number])
    return {
        "now": moment.now(),
        "is_open": found.state == "tendering" and found.deadline is not None and moment.now() < found.deadline,
        "page_url": request.build_absolute_uri(page),
        "dossier_url": reverse("public:dossier", args=[found.number]),
        "command": check_words.command(found.number),
        "draw_command": check_words.draw_command(facts["draw"], facts["drawn"]),
        "breadcrumbs": [Link(Text("交易项目", "Tenders"), reverse("public:tenders")), Link(found.number)],
    }


def document(request: HttpRequest, number: str, sha256: str) -> FileResponse:
    """Give out a document: no sign-in, no trace of who took it (招标投标法 第22条)."""
    actor = request.actor  # type: ignore[attr-defined]
    found = tenders.tender(actor, number)
    item = tenders.documents(found, actor).filter(sha256=sha256).first()
    if item is None:
        raise NotVisible
    path = files.path_of(sha256)
    if not path.is_file():
        raise NotVisible
    return FileResponse(path.open("rb"), as_attachment=True, filename=item.filename, content_type=item.media_type)


def dossier(request: HttpRequest, number: str) -> FileResponse:
    """The dossier as it is public now, for ``yiwang verify``."""
    found = tenders.tender(PUBLIC, number)
    outreach.count_dossier(found)
    out = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    try:
        dossiers.build(number, out=out)
    except BaseException:
        out.close()
        raise
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"{number}.zip", content_type="application/zip")
