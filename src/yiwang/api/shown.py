"""A tender as JSON: its facts, and of its life what is public, or what this actor may see."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.api.problems import cited, reason_json, words
from yiwang.kernel import clock, moment
from yiwang.modules.awards import admission_selectors as admissions
from yiwang.modules.awards import selectors as awards
from yiwang.modules.bids import selectors as bids
from yiwang.modules.contracts import selectors as contracts
from yiwang.modules.evaluations import selectors as evaluations
from yiwang.modules.evidence import permits, registry
from yiwang.modules.evidence.actors import Actor, has_role
from yiwang.modules.experts import selectors as experts
from yiwang.modules.negotiations import selectors as negotiations
from yiwang.modules.openings import selectors as openings
from yiwang.modules.remedies import selectors as remedies
from yiwang.modules.tenders import selectors as tenders
from yiwang.modules.tenders.rounds import names_shown


def when(at: datetime | None) -> str | None:
    """A moment as RFC 3339 in UTC."""
    return moment.stamp(at) if at else None


def party(organisation: Any) -> dict[str, str] | None:
    """An organisation by credit code and name."""
    return {"uscc": organisation.uscc, "name": organisation.name} if organisation else None


def line(tender: Any) -> dict[str, Any]:
    """One line of a list of tenders."""
    state = registry.TABLES["tender"].states[tender.state]
    return {
        "number": tender.number,
        "title": tender.title,
        "category": tender.category,
        "procedure": tender.procedure,
        "state": tender.state,
        "state_name": words(state.name),
        "buyer": party(tender.buyer),
        "agency": party(tender.agency),
        "budget": tender.budget,
        "deadline": when(tender.deadline),
    }


def whole(actor: Actor, tender: Any) -> dict[str, Any]:
    """A tender with all that the actor may see of it now."""
    return {
        **line(tender),
        "description": tender.description,
        "qualification": tender.qualification,
        "funding": tender.funding,
        "region": tender.region,
        "contact": tender.contact,
        "validity_days": tender.validity_days,
        "upload_grace_minutes": tender.upload_grace_minutes,
        "joint_bids_allowed": tender.joint_bids_allowed,
        "procedure_version": tender.procedure_version,
        "project": _project(actor, tender),
        "reserved_for": tender.reserved_for,
        "required_documents": tender.required_documents,
        "bid_bond": tender.bid_bond,
        "suspensions": _suspensions(tender),
        "formula": tender.formula,
        "custody": {"threshold": tender.custody_threshold, "recipients": tender.custody},
        "lots": [
            {"number": lot.number, "title": lot.title, "ceiling": lot.ceiling, "minimum": lot.minimum}
            for lot in tender.lots.all()
        ],
        "timeline": timeline(tender),
        "documents": documents(tender, actor),
        "clarifications": _clarifications(actor, tender),
        "objections": _objections(actor, tender),
        "complaints": _complaints(actor, tender),
        "own_bids": [_own_bid(bid) for bid in bids.own(actor, tender)],
        "opening": _opening(tender) if (shown := names_shown(actor, tender)) else None,
        "bids": [_bid(bid) for bid in bids.opened(tender)] if shown else [],
        **_rounds(actor, tender),
        **_negotiation(actor, tender),
        **_result(actor, tender),
    }


def _rounds(actor: Actor, tender: Any) -> dict[str, Any]:
    """The chain of rounds, and whom this one admitted, as far as the actor may read it."""
    earlier, later = admissions.chain(actor, tender)
    found = admissions.admission(actor, tender)
    return {
        "earlier_round": earlier.number if earlier else None,
        "later_rounds": [each.number for each in later],
        "admission": {"admitted": found.admitted, "others": found.others, "decided_at": when(found.decided_at)} if found else None,
        "own_admission": admissions.own_outcome(actor, tender),
    }


def _project(actor: Actor, tender: Any) -> dict[str, Any] | None:
    """The project whose lot the tender is, with the lots that the actor may see."""
    found = tender.project
    if found is None:
        return None
    lots = [each.number for each in tenders.lots_of(actor, found)]
    return {"number": found.number, "title": found.title, "lots_most": found.lots_most, "lots": lots}


def _suspensions(tender: Any) -> list[dict[str, Any]]:
    return [
        {"kind": each.kind, "reason": each.reason, "by": each.by, "since": when(each.since), "until": when(each.until)}
        for each in tender.suspensions.all()
    ]


def _negotiation(actor: Actor, tender: Any) -> dict[str, Any]:
    """Talks, changed requirements, single source and orders, as far as the actor may read them; {} where there are none."""
    if not negotiations.concerns(tender):
        return {}
    source, choice = negotiations.source_publicity(tender), negotiations.choice(actor, tender)
    found = {
        "talks": [
            {"supplier": row.bid.tenderer.uscc, "bid": row.bid.chain, "round": row.round, "record": row.record, "at": when(row.at)}
            for row in negotiations.talks(actor, tender)
        ],
        "changes": [
            {"change": row.number, "kind": row.kind, "text": row.text, "at": when(row.at)}
            for row in negotiations.changes(actor, tender)
        ],
        "single_source": {
            "supplier": source.supplier.uscc, "ground": source.ground, "reason": source.reason, "opinions": source.opinions,
            "starts": when(source.starts), "ends": when(source.ends),
        } if source else None,
        "source_objections": [
            {"objection": row.pk, "text": row.text, "answer": row.answer, "upheld": row.upheld}
            for row in negotiations.source_objections(actor, tender)
        ],
        "order": {"manner": choice.manner, "listed": choice.listed, "chosen": choice.chosen, "turn": choice.turn} if choice else None,
        "applications": [
            {"application": row.pk, "supplier": row.supplier.uscc, "price": row.price, "admitted": row.admitted, "reason": row.reason}
            for row in negotiations.applications(actor, tender)
        ],
    }  # fmt: skip
    return {"negotiation": found} if any(found.values()) else {}


def timeline(tender: Any) -> list[dict[str, Any]]:
    """The procedure's steps with their lawful moments, counted from what is known."""
    procedure = tenders.law_of(tender)
    book = clock.ClockBook.load()
    known = {
        name: moment.from_stamp(text)
        for name, text in tender.events.items()
        if name in book.events or name in procedure.by_key
    }
    steps = clock.timeline(procedure, known, clock.Calendar.load(), now=moment.now())
    return [step.to_json() for step in steps]


def documents(tender: Any, actor: Actor | None = None) -> list[dict[str, Any]]:
    """The tender's documents by hash."""
    return [
        {
            "kind": each.kind,
            "title": each.title,
            "filename": each.filename,
            "sha256": each.sha256,
            "size": each.size,
            "media_type": each.media_type,
        }
        for each in tenders.documents(tender, actor)
    ]


def steps(actor: Actor, tender: Any) -> list[dict[str, Any]]:
    """What the actor can do, and what not yet and why: nothing of other roles."""
    return [
        {
            "act": step.row.act,
            "name": words(step.row.name),
            "allowed": step.verdict.ok,
            "reasons": [reason_json(reason) for reason in cited(step.verdict.reasons, step.row.articles)],
            "articles": list(step.row.articles),
            "witnessed": step.row.witnessed,
            "address": f"/api/v1/tenders/{tender.number}/acts/{step.row.act}",
        }
        for step in permits.steps(actor, tender, moment.now())
    ]


def _clarifications(actor: Actor, tender: Any) -> list[dict[str, Any]]:
    return [
        {
            "id": each.pk,
            "question": each.question,
            "answer": each.answer,
            "answered_at": when(each.answered_at),
            "new_deadline": when(each.new_deadline),
        }
        for each in tenders.clarifications(actor, tender)
    ]


def _objections(actor: Actor, tender: Any) -> list[dict[str, Any]]:
    return [
        {
            "id": each.pk,
            "kind": each.kind,
            "text": each.text,
            "by": party(each.by) if remedies.author_shown(actor, each) else None,
            "raised_at": when(each.raised_at),
            "answer_by": when(each.answer_by),
            "answer": each.answer,
            "answered_at": when(each.answered_at),
            "upheld": each.upheld,
            "withdrawn_at": when(each.withdrawn_at),
        }
        for each in remedies.objections(actor, tender)
    ]


def _complaints(actor: Actor, tender: Any) -> list[dict[str, Any]]:
    return [
        {
            "id": each.pk,
            "objection": each.objection_id,
            "kind": each.kind,
            "standing": each.standing,
            "department": each.department,
            "by": party(each.by) if remedies.complainant_shown(actor, each) else None,
            "filed_at": when(each.filed_at),
            "accept_by": when(each.accept_by),
            "accepted_at": when(each.accepted_at),
            "decide_by": when(each.decide_by),
            "suspended_at": when(each.suspended_at),
            "suspended_until": when(each.suspended_until),
            "done_at": when(each.done_at),
            "decided_at": when(each.decided_at),
            "outcome": each.outcome or None,
            "order": each.order or None,
            "number": each.number or None,
            "reasons": each.reasons if each.decided_at else None,
            "document": each.document or None,
        }
        for each in remedies.complaints(actor, tender)
    ]


def _own_bid(bid: Any) -> dict[str, Any]:
    return {
        "bid": bid.chain,
        "lot": bid.lot.number,
        "standing": bid.standing,
        "submitted_at": when(bid.submitted_at),
        "envelope_sha256": bid.envelope_sha256,
        "manifest_sha256": bid.manifest_sha256,
        "client": bid.client,
        "deliver_until": when(bid.tender.bytes_until) if bid.standing == "committed" else None,
        "receipt": f"/api/v1/receipts/{bid.act_id}",
        "delivery_receipt": f"/api/v1/receipts/{bid.delivery_id}" if bid.delivery_id else None,
    }


def _bid(bid: Any) -> dict[str, Any]:
    return {
        "bid": bid.chain,
        "lot": bid.lot.number,
        "tenderer": party(bid.tenderer),
        "joint": bid.joint or None,
        "price": bid.price,
        "standing": bid.standing,
        "fault": bid.fault,
        "envelope_sha256": bid.envelope_sha256,
        "manifest_sha256": bid.manifest_sha256,
    }


def _opening(tender: Any) -> dict[str, Any] | None:
    """Closing and opening; how many bids there are is not told before they are open."""
    opening = openings.opening(tender)
    if opening is None:
        return None
    return {
        "closed_at": when(opening.closed_at),
        "bids_root": opening.bids_root,
        "opened_at": when(opening.opened_at),
        "record": opening.record,
        "record_sha256": opening.record_sha256 or None,
        "confirmations": [
            {"role": each.role, "organisation": party(each.organisation), "at": when(each.at)}
            for each in opening.confirmations.select_related("organisation").order_by("at", "pk")
        ],
    }


def _result(actor: Actor, tender: Any) -> dict[str, Any]:
    """Committee, report, candidates, award, contract: each from the moment that the law names."""
    report = evaluations.report(actor, tender)
    publicity = awards.publicity(tender)
    award = awards.award(actor, tender)
    names = experts.names_shown(tender)
    return {
        "committee": [{"seat": each.number, "name": each.expert.person.name} for each in experts.committee(tender)] if names else None,
        "report": {"content": report.content, "sha256": report.sha256, "signed_at": when(report.signed_at)} if report else None,
        "candidates": {
            "list": publicity.candidates,
            "starts": when(publicity.starts),
            "ends": when(publicity.ends),
        } if publicity else None,
        "award": {
            "bid": award.bid.chain,
            "tenderer": party(award.tenderer),
            "joint": award.joint or None,
            "price": award.price,
            "rank": award.rank,
            "reason": award.reason,
            "decided_at": when(award.decided_at),
            "notice": award.notice,
            "notified_at": when(award.notified_at),
        } if award else None,
        "contract": _contract(actor, tender),
    }  # fmt: skip


def _contract(actor: Actor, tender: Any) -> dict[str, Any] | None:
    """The contract: its parties' from the first signature, everybody's once registered."""
    found = contracts.contract(tender)
    if found is None:
        return None
    if not found.registered_at and not any(has_role(code, actor, tender) for code in ("buyer", "agency", "supplier")):
        return None
    return {
        "content": found.content,
        "sha256": found.sha256,
        "signed_at": when(found.signed_at),
        "registered_at": when(found.registered_at),
    }
