"""Tenders, documents and clarifications against their acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.kernel import moment
from yiwang.modules.evidence.findings import Finding, Kept, Said, Scope, match, said
from yiwang.modules.tenders.acts import _facts, document_facts
from yiwang.modules.tenders.audit_walk import walk
from yiwang.modules.tenders.models import Clarification, Document, Lot, Tender

KEPT = (Kept(Tender, ""), Kept(Lot, "tender"), Kept(Document, "tender"), Kept(Clarification, "tender"))


def findings(scope: Scope) -> Iterator[Finding]:
    """What each row says against what the acts said last."""
    tenders = Tender.objects.filter(**scope.rows("")).select_related("buyer", "agency", "retender_of").prefetch_related("lots")
    yield from match("tenders.Tender", {each.number: _row(each) for each in tenders}, walk(scope))
    documents = {
        (row.tender.number, row.sha256): {**document_facts(row), "attached_at": moment.stamp(row.attached_at)}
        for row in Document.objects.filter(**scope.rows("tender")).select_related("tender")
    }
    attached = {
        (act.tender, act.public["document"]["sha256"]): {
            **act.public["document"], "attached_at": moment.stamp(act.at), "*": act.label,
        }
        for act in said("tender.attach_document", scope=scope)
    }  # fmt: skip
    yield from match("tenders.Document", documents, attached)
    yield from _answers(scope)


def _row(tender: Tender) -> dict[str, Any]:
    return {
        **_facts(tender, list(tender.lots.all())),
        "upload_grace_minutes": tender.upload_grace_minutes,
        "joint_bids_allowed": tender.joint_bids_allowed,
        "retender_of": tender.retender_of.number if tender.retender_of else "",
        "deadline": moment.stamp(tender.deadline) if tender.deadline else None,
        "custody": tender.custody,
        "state": tender.state,
        "events": tender.events,
    }


def _answers(scope: Scope) -> Iterator[Finding]:
    rows = Clarification.objects.filter(answered_at__isnull=False, **scope.rows("tender")).select_related("tender")
    answers = {
        (row.tender.number, moment.stamp(row.answered_at), row.question): {
            "answer": row.answer,
            "new_deadline": moment.stamp(row.new_deadline) if row.new_deadline else "",
        }
        for row in rows
        if row.answered_at is not None
    }
    told = {(act.tender, moment.stamp(act.at), act.public["question"]): _told(act) for act in said("clarification.answer", scope=scope)}
    for key, row in answers.items():
        if key in told and row["new_deadline"] == "":  # the deadline stayed, so the act repeats the old one
            row["new_deadline"] = told[key]["new_deadline"]
    yield from match("tenders.Clarification", answers, told)


def _told(act: Said) -> dict[str, Any]:
    return {"answer": act.public["answer"], "new_deadline": act.public["deadline"], "*": act.label}


def everywhere() -> Iterator[Finding]:
    """Questions against ``clarification.ask``, whose acts do not openly name a tender."""
    rows = {
        (row.tender.number, moment.stamp(row.asked_at), row.question): {"asked_by": row.asked_by.uscc if row.asked_by else ""}
        for row in Clarification.objects.filter(asked_at__isnull=False).select_related("tender", "asked_by")
        if row.asked_at is not None
    }
    told = {
        (act.public["tender"], moment.stamp(act.at), act.private["question"]): {
            "asked_by": act.private["asked_by"], "*": act.label
        }
        for act in said("clarification.ask")
    }  # fmt: skip
    yield from match("tenders.Clarification question", rows, told)
