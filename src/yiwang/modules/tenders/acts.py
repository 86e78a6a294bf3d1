"""Acts of tenders: entry (see :mod:`yiwang.modules.tenders.entry`), documents, notice, questions and clarifications, termination, archive."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from yiwang.kernel import moment
from yiwang.kernel.errors import Refused, YiwangError, bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Reason, Verdict
from yiwang.modules.evidence import door, files, plain
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties.acts import signature_of
from yiwang.modules.tenders import entry, entry_rules, rounds, rules, services
from yiwang.modules.tenders.clock_facts import roster_facts
from yiwang.modules.tenders.facts import facts
from yiwang.modules.tenders.models import Clarification, Document, Tender
from yiwang.modules.tenders.states import TENDER
from yiwang.modules.venues import selectors as venues

CATEGORIES = entry_rules.CATEGORIES
enter = entry.enter

DOCUMENT_KINDS = {
    "tender_document": Text("招标文件", "tender document"),
    "drawing": Text("图纸", "drawing"),
    "bill_of_quantities": Text("工程量清单", "bill of quantities"),
    "attachment": Text("附件", "attachment"),
}


def attach_document(
    *,
    actor: Actor,
    tender: str,
    kind: str,
    title: str,
    filename: str,
    content: files.Stored,
    public: str = "",
    signature: str = "",
    request_key: str | None = None,
) -> Document:
    """Attach a stored file to the tender: the tender document itself, drawings, a bill of quantities.

    Args:
        public: the key that signed the document (Ed25519 or SM2), when it is signed.
        signature: its signature over the statement ``document`` with :func:`document_statement`.

    Raises:
        BadInput: unknown kind, the same file is attached already, or the signature is not valid.
    """
    if kind not in DOCUMENT_KINDS:
        raise bad("kind", f"没有“{kind}”这种文件", f"there is no kind of document “{kind}”",
                  passes=Text("、".join(t.zh for t in DOCUMENT_KINDS.values()), ", ".join(DOCUMENT_KINDS)))
    with door.enter(TENDER.rows["tender.attach_document"], actor, lambda: services.locked(tender), request_key=request_key) as passage:
        if passage.subject.documents.filter(sha256=content.sha256).exists():
            raise bad("file", "这份文件已经上传过了", "this very file is attached already")
        document = Document.objects.create(
            tender=passage.subject,
            kind=kind,
            title=title.strip() or DOCUMENT_KINDS[kind].zh,
            filename=filename,
            sha256=content.sha256,
            size=content.size,
            media_type=content.media_type,
            attached_at=passage.now,
        )
        facts: dict[str, Any] = {"document": document_facts(document)}
        if public or signature:
            statement = document_statement(tender, content)
            facts["signature"] = signature_of(actor, "document", statement, public, signature)
        passage.record(public=facts)
    return document


def publish(
    *,
    actor: Actor,
    tender: str,
    issue_end: datetime,
    deadline: datetime,
    whole_project: bool = False,
    request_key: str | None = None,
) -> Tender:
    """Publish the notice: the documents are out, bids may come until the deadline.

    Args:
        issue_end: until when the documents are given out. deadline: for bids.
        whole_project: publish all lots of the tender's project with the same dates, each by an act of its own, all or none.

    Raises:
        Refused: a lot of the project is not ready, or a period is shorter than the law asks (招标投标法 第24条: 20 days to prepare bids;
            实施条例 第16条: 5 days to take the documents), naming the earliest lawful moment.
    """
    if whole_project:
        return _publish_lots(actor, tender, issue_end, deadline, request_key)
    with door.enter(TENDER.rows["tender.publish"], actor, lambda: services.locked(tender), request_key=request_key) as passage:
        passage.record(public=announced(passage, issue_end, deadline))
    published: Tender = passage.subject
    return published


def _publish_lots(actor: Actor, tender: str, issue_end: datetime, deadline: datetime, request_key: str | None) -> Tender:
    """The chosen lot first, so that its act carries the request's key; then the others that are still drafts."""
    with transaction.atomic():
        first = publish(actor=actor, tender=tender, issue_end=issue_end, deadline=deadline, request_key=request_key)
        others = first.project.tenders.filter(state="draft").order_by("id") if first.project else ()
        for place, lot in enumerate(others):
            key = f"{request_key}-{place + 1}" if request_key else None
            try:
                publish(actor=actor, tender=lot.number, issue_end=issue_end, deadline=deadline, request_key=key)
            except YiwangError as error:
                raise Refused(*(_in_lot(reason, lot.number) for reason in error.reasons)) from None
    return first


def _in_lot(reason: Reason, number: str) -> Reason:
    return replace(reason, message=Text(f"{number}：{reason.message.zh}", f"{number}: {reason.message.en}"))


def announced(passage: door.Passage, issue_end: datetime, deadline: datetime) -> dict[str, Any]:
    """Set the dates of a notice or an invitation, with the statutory periods checked; gives what evidence says of it.

    Raises:
        Refused: a period is shorter than the law asks, or two envelopes do not share their deadline.
    """
    subject, start = passage.subject, passage.now
    passage.require(
        rules.period(subject, rules.BID_PREPARATION, start, deadline, field="deadline")
        & rules.period(subject, rules.DOCUMENT_ISSUE, start, issue_end, field="issue_end")
        & rules.period(subject, rules.ISSUE_TO_DEADLINE, issue_end, deadline, field="deadline")
        & rounds.one_deadline(subject, deadline)
        & venues.open_at(deadline, field="deadline")
        & _issue_within(issue_end, deadline)
    )
    subject.deadline = deadline
    for event, at in (
        ("notice.published", start),
        ("tender_doc.issue_start", start),
        ("tender_doc.issue_end", issue_end),
        ("bid.deadline", deadline),
    ):
        services.note(subject, event, at)
    return {
        **facts(subject, subject.lots.all()),
        "documents": [document_facts(document) for document in subject.documents.all()],
        "issue_start": moment.stamp(start),
        "issue_end": moment.stamp(issue_end),
        "deadline": moment.stamp(deadline),
        **roster_facts(deadline),
        "custody": {"threshold": subject.custody_threshold, "recipients": subject.custody},
    }


def ask(*, actor: Actor, tender: str, question: str, request_key: str | None = None) -> Clarification:
    """A tenderer asks about the documents. Nobody but the tenderer ever learns who asked.

    The act has a chain of its own: were it numbered with the tender's acts, the count would tell of interest.
    """
    if not question.strip():
        raise bad("question", "请写出您的疑问", "the question is empty", passes=Text("一个具体的问题", "a concrete question"))
    with door.enter(TENDER.rows["clarification.ask"], actor, lambda: services.locked(tender), request_key=request_key) as passage:
        passage.record(
            public={"tender": passage.subject.number},
            private={"question": question.strip(), "asked_by": actor.organisation.uscc},
            chain=f"question/{secrets.token_hex(16)}",
            begins=True,
            anonymous=True,
        )
        asked = Clarification(tender=passage.subject, question=question.strip(), asked_by=actor.organisation, asked_at=passage.now)
        plain.insert(asked)
        return asked


def clarify(
    *,
    actor: Actor,
    tender: str,
    answer: str,
    clarification: int | None = None,
    affects_bids: bool = True,
    new_deadline: datetime | None = None,
    request_key: str | None = None,
) -> Clarification:
    """Answer a question, or amend the documents unasked; published to everybody, without the asker's name.

    Args:
        affects_bids: the content may affect the preparation of bids; then 15 days must remain (实施条例 第21条).
        new_deadline: moves the deadline, of two envelopes that of both; it may never come earlier.

    Raises:
        Refused: fewer than 15 days would remain; names the earliest lawful deadline.
    """
    if not answer.strip():
        raise bad("answer", "请写出澄清或修改的内容", "the clarification is empty")
    with door.enter(TENDER.rows["clarification.answer"], actor, lambda: rounds.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        item = _open_question(subject, clarification)
        deadline = new_deadline or subject.deadline
        passage.require(_not_earlier(subject.deadline, deadline))
        if new_deadline is not None:
            passage.require(venues.open_at(deadline, field="new_deadline"))
        if affects_bids:
            passage.require(rules.period(subject, rules.CLARIFICATION, passage.now, deadline, field="new_deadline"))
        item.answer, item.answered_at = answer.strip(), passage.now
        item.new_deadline = new_deadline
        item.save()
        subject.deadline = deadline
        services.note(subject, "bid.deadline", deadline)
        services.note(subject, "tender_clarification.issue", passage.now)
        rounds.moved(passage)
        passage.record(
            public={
                "question": item.question,
                "answer": item.answer,
                "affects_bids": affects_bids,
                "deadline": moment.stamp(deadline),
                **roster_facts(deadline),
            }
        )
    return item


def terminate(*, actor: Actor, tender: str, reason: str, request_key: str | None = None) -> Tender:
    """The buyer ends the tender, with reasons published at once (实施条例 第31条)."""
    if not reason.strip():
        raise bad("reason", "请写明终止招标的原因", "the reason is missing", article="招标投标法实施条例 第31条")
    with door.enter(TENDER.rows["tender.terminate"], actor, lambda: services.locked(tender), request_key=request_key) as passage:
        passage.record(public={"reason": reason.strip()})
    ended: Tender = passage.subject
    return ended


def archive(*, actor: Actor, tender: str, request_key: str | None = None) -> door.Act:
    """The center archives the dossier; what is still blind of the tender's acts is disclosed as the law says."""
    with door.enter(TENDER.rows["tender.archive"], actor, lambda: services.locked(tender), request_key=request_key) as passage:
        acts = passage.subject.acts.order_by("seq").values_list("entry", flat=True)
        services.note(passage.subject, "archive.started", passage.now)
        passage.record(public={"acts": [bytes(entry).hex() for entry in acts]})
    return passage.evidence


def document_statement(tender: str, content: files.Stored) -> dict[str, Any]:
    """What is signed of a document: the tender's number, the file's SHA-256 and its size in bytes."""
    return {"tender": tender, "sha256": content.sha256, "size": content.size}


def document_facts(document: Document) -> dict[str, Any]:
    """What evidence says of a document."""
    return {
        "kind": document.kind,
        "title": document.title,
        "filename": document.filename,
        "sha256": document.sha256,
        "size": document.size,
        "media_type": document.media_type,
    }


def _issue_within(issue_end: datetime, deadline: datetime) -> Verdict:
    if issue_end <= deadline:
        return YES
    return Verdict(
        bad("issue_end", "文件获取截止时间晚于投标截止时间", "documents would be given out after the deadline for bids").reasons
    )


def _not_earlier(before: datetime, after: datetime) -> Verdict:
    if after >= before:
        return YES
    return Verdict(bad("new_deadline", "投标截止时间只能推迟，不能提前", "the deadline may only move later").reasons)


def _open_question(tender: Tender, number: int | None) -> Clarification:
    if number is None:
        return Clarification(tender=tender)
    item = Clarification.objects.filter(tender=tender, pk=number).first()
    if item is None:
        raise bad("clarification", "没有这个问题", "there is no such question")
    if item.answered_at is not None:
        raise bad("clarification", "这个问题已经答复", "this question is answered already")
    return item
