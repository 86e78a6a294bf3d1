"""Tenders, documents and clarifications against their acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.kernel import moment
from yiwang.kernel.suspension import BY_ROLE
from yiwang.modules.evidence.findings import Finding, Kept, Said, Scope, match, said
from yiwang.modules.tenders.acts import document_facts
from yiwang.modules.tenders.audit_walk import UNSAID, walk
from yiwang.modules.tenders.facts import facts
from yiwang.modules.tenders.models import Clarification, Document, Lot, Project, Suspension, Tender

KEPT = (
    Kept(Tender, ""), Kept(Lot, "tender"), Kept(Document, "tender"), Kept(Clarification, "tender"), Kept(Suspension, "tender"),
    Kept(Project, "tenders"),
)  # fmt: skip


def findings(scope: Scope) -> Iterator[Finding]:
    """What each row says against what the acts said last."""
    tenders = Tender.objects.filter(**scope.rows("")).select_related("buyer", "agency", "retender_of", "project", "stage_of").prefetch_related("lots")
    yield from match("tenders.Tender", {each.number: _row(each) for each in tenders}, walk(scope))
    documents = {
        (row.tender.number, row.sha256): {**document_facts(row), "attached_at": moment.stamp(row.attached_at)}
        for row in Document.objects.filter(**scope.rows("tender")).select_related("tender")
    }
    attached: dict[Any, dict[str, Any]] = {}
    for act in said("tender.attach_document", "draft.drop_document", scope=scope):
        key = act.tender, act.public["document"]["sha256"]
        if act.name == "draft.drop_document":
            attached.pop(key, None)
        else:
            attached[key] = {**act.public["document"], "attached_at": moment.stamp(act.at), "*": act.label}
    yield from match("tenders.Document", documents, attached)
    yield from _answers(scope)
    yield from _suspensions(scope)


def _row(tender: Tender) -> dict[str, Any]:
    return {
        **UNSAID,
        **facts(tender, tender.lots.all()),
        "invitees": tender.invitees,
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


def _suspensions(scope: Scope) -> Iterator[Finding]:
    """Suspensions by order of buyer or supervisor against their acts; those of complaints are told by the complaint's acts."""
    kinds = tuple(kind for allowed in BY_ROLE.values() for kind in allowed)
    rows = {
        (row.tender.number, row.kind, moment.stamp(row.since)): {
            "reason": row.reason, "by": row.by, "until": moment.stamp(row.until) if row.until else None
        }
        for row in Suspension.objects.filter(kind__in=kinds, **scope.rows("tender")).select_related("tender")
    }  # fmt: skip
    due: dict[tuple[str, str, str], dict[str, Any]] = {}
    for act in said("tender.suspend", "tender.resume", scope=scope):
        if act.name == "tender.suspend":
            key = (act.tender, act.public["kind"], moment.stamp(act.at))
            due[key] = {"reason": act.public["reason"], "by": act.public["by"], "until": None, "*": act.label}
        else:
            due[act.tender, act.public["kind"], act.public["since"]] |= {"until": moment.stamp(act.at), "*": act.label}
    yield from match("tenders.Suspension", rows, due)


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
