"""A tender as JSON: its facts, and of its life what is public, or what this actor may see."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.api.problems import cited, reason_json, words
from yiwang.kernel import clock, moment, procedures
from yiwang.modules.awards import selectors as awards
from yiwang.modules.bids import selectors as bids
from yiwang.modules.contracts import selectors as contracts
from yiwang.modules.evaluations import selectors as evaluations
from yiwang.modules.evidence import permits, registry
from yiwang.modules.evidence.actors import Actor, has_role
from yiwang.modules.experts import selectors as experts
from yiwang.modules.openings import selectors as openings
from yiwang.modules.remedies import selectors as remedies
from yiwang.modules.tenders import selectors as tenders


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
        "formula": tender.formula,
        "custody": {"threshold": tender.custody_threshold, "recipients": tender.custody},
        "lots": [
            {"number": lot.number, "title": lot.title, "ceiling": lot.ceiling, "minimum": lot.minimum}
            for lot in tender.lots.all()
        ],
        "timeline": timeline(tender),
        "documents": documents(tender),
        "clarifications": _clarifications(actor, tender),
        "objections": _objections(actor, tender),
        "own_bids": [_own_bid(bid) for bid in bids.own(actor, tender)],
        "opening": _opening(tender),
        "bids": [_bid(bid) for bid in bids.opened(tender)],
        **_result(actor, tender),
    }


def timeline(tender: Any) -> list[dict[str, Any]]:
    """The procedure's steps with their lawful moments, counted from what is known."""
    procedure = procedures.load(tender.procedure)
    book = clock.ClockBook.load()
    known = {
        name: moment.from_stamp(text)
        for name, text in tender.events.items()
        if name in book.events or name in procedure.by_key
    }
    steps = clock.timeline(procedure, known, clock.Calendar.load(), now=moment.now())
    return [step.to_json() for step in steps]


def documents(tender: Any) -> list[dict[str, Any]]:
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
        for each in tenders.documents(tender)
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
        }
        for each in remedies.objections(actor, tender)
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
