"""Acts of the evaluation: declare, hand in a sheet, make the report, sign it."""

from __future__ import annotations

from typing import Any

from yiwang.kernel import formulas, procedures
from yiwang.kernel.canonical import digest
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evaluations import rules
from yiwang.modules.evaluations.models import Declaration, Report, ReportSignature, Sheet
from yiwang.modules.evaluations.states import EVALUATION
from yiwang.modules.evidence import door, registry
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.experts import selectors as experts
from yiwang.modules.parties import acts as parties_acts
from yiwang.modules.tenders import services as tenders


def declare(*, actor: Actor, tender: str, public: str, signature: str, request_key: str | None = None) -> Declaration:
    """An evaluator declares to have no conflict of interest; signs the statement ``no-conflict`` ``{"tender"}``."""
    row = EVALUATION.rows["evaluation.declare"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        content = {"tender": passage.subject.number}
        signed = parties_acts.signature_of(actor, "no-conflict", content, public, signature)
        seat = experts.seat_held(actor, passage.subject)
        declaration = Declaration.objects.create(seat=seat, signature=signed, at=passage.now)
        passage.record(public={"seat": seat.number, "statement": content, "signature": signed}, tender=passage.subject)
    return declaration


def submit_sheet(
    *, actor: Actor, tender: str, sheet: dict[str, Any], public: str, signature: str, request_key: str | None = None
) -> Sheet:
    """An evaluator hands in the signed sheet over all bids. Sheets stay closed until all are in.

    Args:
        sheet: ``{"evaluator": seat number, "review": {bid: {"pass": bool, "reason": text}}, "scores": {bid:
            {criterion: decimal text}}}``, a bid named by its evidence subject. A bid that does not pass needs a reason.
        signature: over the statement ``score-sheet`` with the content of :func:`sheet_statement`.

    Raises:
        BadInput: a bid or criterion is missing or unknown, a score is outside its range; every fault at once.
    """
    row = EVALUATION.rows["evaluation.submit_sheet"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        seat = experts.seat_held(actor, subject)
        rules.check_sheet(subject.formula, sheet, seat.number, [bid.chain for bid in _opened(subject)])
        content = sheet_statement(subject.number, sheet)
        signed = parties_acts.signature_of(actor, "score-sheet", content, public, signature)
        kept = Sheet.objects.create(seat=seat, content=sheet, sha256=digest(sheet), signature=signed, at=passage.now)
        passage.record(public={"seat": seat.number, "sheet": sheet, "signature": signed}, tender=subject)
    return kept


def conclude(*, actor: Actor, tender: str, request_key: str | None = None) -> Report | None:
    """Open all sheets together, compute the ranking by the formula and make the report.

    When no bid remains, all are rejected and the tender has failed (招标投标法 第42条); gives None then.
    """
    row = EVALUATION.rows["evaluation.conclude"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        content = report_content(subject)
        if not content["candidates"]:
            passage.row, passage.target = registry.row_of("tender.fail"), "failed"
            passage.record(public={"reason": "all_rejected", "report": content}, tender=subject)
            return None
        report = Report.objects.create(tender=subject, content=content, sha256=digest(content), made_at=passage.now)
        passage.record(public={"report": content, "report_sha256": report.sha256}, tender=subject)
    return report


def sign_report(
    *, actor: Actor, tender: str, public: str, signature: str, dissent: str = "", request_key: str | None = None
) -> ReportSignature:
    """An evaluator signs the report, with a written dissent if there is one. The last signature ends the evaluation."""
    row = EVALUATION.rows["evaluation.sign_report"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        report = subject.report
        content = report_statement(subject.number, report.sha256, dissent)
        signed = parties_acts.signature_of(actor, "evaluation-report", content, public, signature)
        seat = experts.seat_held(actor, subject)
        kept = ReportSignature.objects.create(report=report, seat=seat, dissent=dissent.strip(), signature=signed, at=passage.now)
        if report.signatures.count() < experts.committee(subject).count():
            passage.target = ""
        else:
            report.signed_at = passage.now
            report.save()
            tenders.note(subject, "evaluation_report.received", passage.now)
        passage.record(public={"seat": seat.number, "statement": content, "signature": signed}, tender=subject)
    return kept


def sheet_statement(tender: str, sheet: dict[str, Any]) -> dict[str, Any]:
    """What an evaluator signs (kind ``score-sheet``) to hand in a sheet."""
    return {"tender": tender, "sheet_sha256": digest(sheet)}


def report_statement(tender: str, report_sha256: str, dissent: str) -> dict[str, Any]:
    """What an evaluator signs (kind ``evaluation-report``)."""
    return {"tender": tender, "report_sha256": report_sha256, "dissent": dissent.strip()}


def report_content(tender: Any) -> dict[str, Any]:
    """The report as the formula gives it from the opened bids and the sheets: canonical JSON, recomputable."""
    bidders = {bid.chain: bid for bid in _opened(tender)}
    sheets = [seat.sheet.content for seat in experts.committee(tender).select_related("sheet")]
    facts = [bid_facts(bid, order, sheets) for order, bid in enumerate(_opened(tender))]
    ranking = formulas.evaluate(tender.formula, facts, [rules.scores_of(sheet) for sheet in sheets])
    return {
        "tender": tender.number,
        "formula": tender.formula,
        "bids": [fact.to_json() for fact in facts],
        "sheets": [digest(sheet) for sheet in sheets],
        "ranking": ranking.to_json(),
        "candidates": [
            {
                "bid": row.bid,
                "tenderer": bidders[row.bid].tenderer.uscc,
                "name": bidders[row.bid].tenderer.name,
                **bidders[row.bid].joint_facts,
                "price": row.price,
                "total": None if row.total is None else str(row.total),
                "rank": row.rank,
            }
            for row in ranking.candidates(procedures.load(tender.procedure).candidates_most)
        ],
    }


def bid_facts(bid: Any, order: int, sheets: list[dict[str, Any]]) -> formulas.BidFacts:
    """What the formula needs of a bid. ``order`` is its place by commitment: it parts no ties that matter."""
    return formulas.BidFacts(bid.chain, bid.price, rejected=rules.rejected(bid.chain, sheets), order=order)


def _opened(tender: Any) -> list[Any]:
    return [bid for bid in bids.opened(tender) if bid.standing == "opened"]
