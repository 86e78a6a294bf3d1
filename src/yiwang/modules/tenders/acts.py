"""Acts of tenders: entry, documents, notice, questions and clarifications, termination, archive."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from yiwang.kernel import formulas, moment, procedures
from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Reason, Verdict
from yiwang.modules.evidence import door, files
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties import selectors as parties
from yiwang.modules.parties.acts import signature_of
from yiwang.modules.tenders import rules, selectors, services
from yiwang.modules.tenders.models import Clarification, Document, Lot, Tender
from yiwang.modules.tenders.states import TENDER

CATEGORIES = {
    "works": Text("工程", "works"),
    "goods": Text("货物", "goods"),
    "services": Text("服务", "services"),
}

DOCUMENT_KINDS = {
    "tender_document": Text("招标文件", "tender document"),
    "drawing": Text("图纸", "drawing"),
    "bill_of_quantities": Text("工程量清单", "bill of quantities"),
    "attachment": Text("附件", "attachment"),
}


def enter(
    *,
    actor: Actor,
    title: str,
    category: str,
    budget: int,
    ceiling: int | None = None,
    minimum: int | None = None,
    procedure: str = "",
    counterpart: str = "",
    description: str = "",
    qualification: str = "",
    funding: str = "government",
    region: str = "",
    contact: str = "",
    formula: dict[str, Any] | None = None,
    validity_days: int = 90,
    custody_threshold: int = 3,
    upload_grace_minutes: int = 0,
    joint_bids_allowed: bool = False,
    source: str = "",
    retender_of: str = "",
    request_key: str | None = None,
) -> Tender:
    """The buyer, or the agency for its principal, enters a tender (进场登记).

    Args:
        budget: fen; ``ceiling`` (最高投标限价) and ``minimum`` bound the bids' prices, fen.
        counterpart: credit code of the agency when a buyer enters, of the buyer when an agency enters.
        formula: evaluation formula by name with its parameters; refused when it could not rank.
        custody_threshold: how many custodians must release their keys to open the bids.
        upload_grace_minutes: for so long after the deadline the bytes of a bid may finish that was committed to before it.
        joint_bids_allowed: the notice accepts joint bids (联合体); where it does not, they are invalid (实施条例 第37条).
        retender_of: number of the failed tender that is held again (招标投标法 第28条, 第42条); the buyer is the same.

    Raises:
        BadInput: a field is missing or out of its bounds; every fault at once.
    """
    buyer, agency = _principals(actor, counterpart)
    procedure = procedure or selectors.procedure_for(category)
    formula = bounded(formula or {"id": "lowest_price_within_bounds", "rank_by": "price"}, ceiling, minimum)
    _check_entry(
        title=title, category=category, budget=budget, ceiling=ceiling, minimum=minimum, procedure=procedure, formula=formula,
        grace=upload_grace_minutes,
    )  # fmt: skip
    with door.enter(TENDER.rows["tender.enter"], actor, lambda: None, request_key=request_key) as passage:
        tender = Tender(
            number=services.next_number(passage.now.astimezone(moment.LOCAL).year),
            title=title.strip(),
            category=category,
            procedure=procedure,
            state="draft",
            buyer=buyer,
            agency=agency,
            description=description,
            qualification=qualification,
            funding=funding,
            region=region,
            contact=contact,
            budget=budget,
            formula=formula,
            validity_days=validity_days,
            custody_threshold=custody_threshold,
            upload_grace_minutes=upload_grace_minutes,
            joint_bids_allowed=joint_bids_allowed,
            source=source,
            retender_of=services.failed(retender_of, buyer) if retender_of else None,
        )
        services.note(tender, "tender.entered", passage.now)
        tender.save()
        lot = Lot.objects.create(tender=tender, title=tender.title, ceiling=ceiling, minimum=minimum)
        passage.subject = tender
        passage.record(public=_facts(tender, [lot]))
    return tender


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
    *, actor: Actor, tender: str, issue_end: datetime, deadline: datetime, request_key: str | None = None
) -> Tender:
    """Publish the notice: the documents are out, bids may come until the deadline.

    Raises:
        Refused: a period is shorter than the law asks (招标投标法 第24条: 20 days to prepare bids;
            实施条例 第16条: 5 days to take the documents), naming the earliest lawful moment.
    """
    with door.enter(TENDER.rows["tender.publish"], actor, lambda: services.locked(tender), request_key=request_key) as passage:
        subject, start = passage.subject, passage.now
        passage.require(
            rules.period(subject, rules.BID_PREPARATION, start, deadline, field="deadline")
            & rules.period(subject, rules.DOCUMENT_ISSUE, start, issue_end, field="issue_end")
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
        passage.record(
            public={
                **_facts(subject, list(subject.lots.all())),
                "documents": [document_facts(document) for document in subject.documents.all()],
                "issue_start": moment.stamp(start),
                "issue_end": moment.stamp(issue_end),
                "deadline": moment.stamp(deadline),
                "custody": {"threshold": subject.custody_threshold, "recipients": subject.custody},
            }
        )
    published: Tender = passage.subject
    return published


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
            anonymous=True,
        )
        return Clarification.objects.create(
            tender=passage.subject, question=question.strip(), asked_by=actor.organisation, asked_at=passage.now
        )


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
        new_deadline: moves the deadline; it may never come earlier.

    Raises:
        Refused: fewer than 15 days would remain; names the earliest lawful deadline.
    """
    if not answer.strip():
        raise bad("answer", "请写出澄清或修改的内容", "the clarification is empty")
    with door.enter(TENDER.rows["clarification.answer"], actor, lambda: services.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        item = _open_question(subject, clarification)
        deadline = new_deadline or subject.deadline
        passage.require(_not_earlier(subject.deadline, deadline))
        if affects_bids:
            passage.require(rules.period(subject, rules.CLARIFICATION, passage.now, deadline, field="new_deadline"))
        item.answer, item.answered_at = answer.strip(), passage.now
        item.new_deadline = new_deadline
        item.save()
        subject.deadline = deadline
        services.note(subject, "bid.deadline", deadline)
        services.note(subject, "tender_clarification.issue", passage.now)
        passage.record(
            public={
                "question": item.question,
                "answer": item.answer,
                "affects_bids": affects_bids,
                "deadline": moment.stamp(deadline),
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


def bounded(formula: dict[str, Any], ceiling: int | None, minimum: int | None) -> dict[str, Any]:
    """A formula with the lot's price bounds (fen) written into it, so that it ranks by itself alone."""
    price = {**(formula.get("price") or {})}
    if ceiling is not None:
        price["ceiling"] = ceiling
    if minimum is not None:
        price["minimum"] = minimum
    return {**formula, "price": price} if price else formula


def _facts(tender: Tender, lots: list[Lot]) -> dict[str, Any]:
    grace = tender.upload_grace_minutes
    return {
        **({"upload_grace_minutes": grace} if grace else {}),
        **({"joint_bids_allowed": True} if tender.joint_bids_allowed else {}),
        **({"retender_of": tender.retender_of.number} if tender.retender_of else {}),
        "number": tender.number,
        "title": tender.title,
        "category": tender.category,
        "procedure": tender.procedure,
        "buyer": {"uscc": tender.buyer.uscc, "name": tender.buyer.name},
        "agency": {"uscc": tender.agency.uscc, "name": tender.agency.name} if tender.agency else None,
        "funding": tender.funding,
        "budget": tender.budget,
        "lots": [{"number": lot.number, "title": lot.title, "ceiling": lot.ceiling, "minimum": lot.minimum} for lot in lots],
        "formula": tender.formula,
        "validity_days": tender.validity_days,
        "custody_threshold": tender.custody_threshold,
    }


def _principals(actor: Actor, counterpart: str) -> tuple[Any, Any]:
    """Buyer and agency of a new tender, from who enters it and whom he names."""
    own = actor.organisation
    other = parties.organisations().filter(uscc=counterpart).first() if counterpart else None
    if counterpart and other is None:
        raise bad("counterpart", f"没有注册的单位 {counterpart}", f"no registered organisation {counterpart}")
    if own is not None and own.kind == "agency":
        if other is None or other.kind != "buyer":
            raise bad("counterpart", "请选择委托您的招标人", "name the buyer whom you act for", article="招标投标法 第12条")
        return other, own
    if other is not None and other.kind != "agency":
        raise bad("counterpart", "所选单位不是招标代理机构", "that organisation is not an agency")
    return own, other


def _check_entry(
    *,
    title: str,
    category: str,
    budget: int,
    ceiling: int | None,
    minimum: int | None,
    procedure: str,
    formula: dict[str, Any],
    grace: int,
) -> None:
    faults: list[Reason] = []
    if not title.strip():
        faults += bad("title", "请填写项目名称", "the title is missing").reasons
    if category not in CATEGORIES:
        faults += bad("category", "请选择工程、货物或服务", "choose works, goods or services").reasons
    if budget <= 0:
        faults += bad("budget", "预算金额必须大于零", "the budget must be above zero").reasons
    if ceiling is not None and ceiling <= 0:
        faults += bad("ceiling", "最高投标限价必须大于零", "the ceiling must be above zero").reasons
    if minimum is not None and minimum <= 0:
        faults += bad("minimum", "最低限价必须大于零", "the minimum must be above zero").reasons
    if ceiling is not None and minimum is not None and minimum > ceiling:
        faults += bad("minimum", "最低限价高于最高投标限价", "the minimum is above the ceiling").reasons
    faults += rules.grace_within(grace).reasons
    sound = formulas.check_formula(formula)
    faults += sound.reasons or procedures.load(procedure).check_formula(formula).reasons
    if faults:
        raise BadInput(*faults)


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
