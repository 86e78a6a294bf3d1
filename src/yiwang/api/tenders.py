"""GET: tenders, their documents, steps, acts and dossier."""

from __future__ import annotations

import tempfile
from typing import Any

from django.db.models import Q
from django.http import FileResponse, HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from yiwang.api import disclosed, shown
from yiwang.api.auth import ANYBODY, actor_in
from yiwang.api.problems import ERRORS, ReasonOut, Words
from yiwang.kernel.errors import NotVisible, bad
from yiwang.kernel.procedures import STATES
from yiwang.kernel.text import Text
from yiwang.modules.evidence import dossier as dossiers
from yiwang.modules.evidence import files
from yiwang.modules.outreach import services as outreach
from yiwang.modules.tenders import selectors as tenders

router = Router(tags=["tenders"], auth=ANYBODY)
PAGE = 50
"""Tenders on a page of a list."""


class PartyOut(Schema):
    """An organisation."""

    uscc: str = Field(description="unified social credit code")
    name: str


class TenderLine(Schema):
    """A tender in a list; amounts in fen."""

    number: str
    title: str
    category: str
    procedure: str
    state: str
    state_name: Words
    buyer: PartyOut
    agency: PartyOut | None
    budget: int = Field(description="fen")
    deadline: str | None


class TenderPage(Schema):
    """One page of a list."""

    page: int
    pages: int
    total: int
    tenders: list[TenderLine]


class TenderOut(TenderLine):
    """A tender with all that you may see of it now; what is not public yet is null or an empty list."""

    description: str
    qualification: str
    funding: str
    region: str
    contact: str
    validity_days: int
    upload_grace_minutes: int
    joint_bids_allowed: bool
    procedure_version: int = Field(description="the version of the procedure that this tender keeps")
    project: dict[str, Any] | None = Field(description="the project whose lot this tender is, with its lots")
    reserved_for: str = Field(description="small: for small and medium enterprises only")
    required_documents: list[dict[str, Any]]
    bid_bond: int = Field(description="fen; 0: none")
    suspensions: list[dict[str, Any]] = Field(description="when the tender stood still; until is null while it lasts")
    formula: dict[str, Any]
    custody: dict[str, Any]
    lots: list[dict[str, Any]]
    timeline: list[dict[str, Any]]
    documents: list[dict[str, Any]]
    clarifications: list[dict[str, Any]]
    objections: list[dict[str, Any]]
    complaints: list[dict[str, Any]]
    own_bids: list[dict[str, Any]] = Field(description="your own organisation's bids")
    opening: dict[str, Any] | None
    bids: list[dict[str, Any]] = Field(description="empty until the opening")
    earlier_round: str | None = Field(description="number of the round that this one continues")
    later_rounds: list[str] = Field(description="numbers of the rounds that continue this one")
    admission: dict[str, Any] | None = Field(description="whom this round admitted to the next, and why others not")
    own_admission: dict[str, Any] | None = Field(description="what this round came to for your own organisation")
    committee: list[dict[str, Any]] | None
    report: dict[str, Any] | None
    candidates: dict[str, Any] | None
    award: dict[str, Any] | None
    contract: dict[str, Any] | None


class StepOut(Schema):
    """An act of yours, with the reasons against doing it now."""

    act: str
    name: Words
    allowed: bool
    reasons: list[ReasonOut]
    articles: list[str]
    witnessed: bool
    address: str


class ActOut(Schema):
    """An act in evidence: ``entry`` = SHA-256(salt || canonical) || SM3(salt || canonical)."""

    disclosed: bool
    entry: str
    index: int | None
    name: str | None = None
    subject: str | None = None
    seq: int | None = None
    salt: str | None = None
    canonical: str | None = None
    private: dict[str, Any] | None = None
    private_salt: str | None = None


@router.get("/tenders", response={200: TenderPage, **ERRORS}, operation_id="tenders.list")
def listing(
    request: HttpRequest,
    q: str = Query("", max_length=100, description="part of the number or title"),
    state: str = Query("", description=f"only tenders in this state: {', '.join(STATES)}", max_length=32),
    page: int = Query(1, ge=1, le=100_000),
) -> dict[str, Any]:
    """Tenders that you may see, the newest first."""
    found = tenders.visible_to(actor_in(request))
    if q:
        found = found.filter(Q(title__icontains=q) | Q(number__icontains=q))
    if state:
        if state not in STATES:
            raise bad("state", f"没有“{state}”这种状态", f"there is no state “{state}”",
                      passes=Text("、".join(STATES), ", ".join(STATES)))
        found = found.filter(state=state)
    total = found.count()
    rows = found[(page - 1) * PAGE : page * PAGE]
    return {"page": page, "pages": -(-total // PAGE), "total": total, "tenders": [shown.line(each) for each in rows]}


@router.get("/tenders/{number}", response={200: TenderOut, **ERRORS}, operation_id="tenders.get")
def one(request: HttpRequest, number: str) -> dict[str, Any]:
    """A tender: facts, timeline, documents, clarifications, and of its result what is public."""
    actor = actor_in(request)
    return shown.whole(actor, tenders.tender(actor, number))


@router.get("/tenders/{number}/steps", response={200: list[StepOut], **ERRORS}, operation_id="tenders.steps")
def steps(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    """Your next steps in a tender, and why not; nothing of other roles."""
    actor = actor_in(request)
    return shown.steps(actor, tenders.tender(actor, number))


@router.get("/tenders/{number}/acts", response={200: list[ActOut], **ERRORS}, operation_id="tenders.acts", exclude_unset=True)
def acts(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    """The tender's acts: disclosed ones whole, others as blind entries of the log."""
    actor = actor_in(request)
    return disclosed.acts(actor, tenders.tender(actor, number).number)


@router.get("/tenders/{number}/documents/{sha256}", response=ERRORS, operation_id="tenders.document")
def document(request: HttpRequest, number: str, sha256: str) -> Any:
    """A document's content. Only the tender that shows it gives it."""
    tender = tenders.tender(actor_in(request), number)
    found = tenders.documents(tender, actor_in(request)).filter(sha256=sha256).first()
    if found is None or not files.path_of(found.sha256).is_file():
        raise NotVisible
    handle = files.path_of(found.sha256).open("rb")
    return FileResponse(handle, as_attachment=True, filename=found.filename, content_type=found.media_type)


@router.get("/tenders/{number}/dossier", response=ERRORS, operation_id="tenders.dossier")
def dossier(request: HttpRequest, number: str) -> Any:
    """The dossier (案卷包) as a zip file, as far as you may have it now; ``yiwang verify`` checks it."""
    actor = actor_in(request)
    tender = tenders.tender(actor, number)
    outreach.count_dossier(tender)
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    try:
        dossiers.build(tender.number, actor, out=file)
        file.seek(0)
        name = f"{tender.number}.zip"
        return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    except BaseException:
        file.close()
        raise
