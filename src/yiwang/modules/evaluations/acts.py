"""Acts of the evaluation: declare, hand in a sheet, make the report, sign it."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.canonical import digest
from yiwang.kernel.errors import Refused, bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.evaluations import carried, sheets
from yiwang.modules.evaluations.models import Declaration, Report, ReportSignature, Sheet, SheetCorrection
from yiwang.modules.evaluations.report import claimed, opened, report_content
from yiwang.modules.evaluations.rules import OBJECTIVE
from yiwang.modules.evaluations.states import EVALUATION
from yiwang.modules.evidence import door, registry
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.experts import selectors as experts
from yiwang.modules.parties import acts as parties_acts
from yiwang.modules.tenders import services as tenders
from yiwang.modules.tenders.selectors import law_of


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
            The review of a bid that claims policy deductions also lists under ``deductions`` those that are accepted; with
            评定分离 it says under ``opinion`` the bid's strengths, weaknesses and risks.
        signature: over the statement ``score-sheet`` with the content of :func:`sheet_statement`.

    Raises:
        BadInput: a bid or criterion is missing or unknown, a score is outside its range; every fault at once.
    """
    row = EVALUATION.rows["evaluation.submit_sheet"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        seat = experts.seat_held(actor, subject)
        _check(subject, sheet, seat.number)
        content = sheet_statement(subject.number, sheet)
        signed = parties_acts.signature_of(actor, "score-sheet", content, public, signature)
        kept = Sheet.objects.create(seat=seat, content=sheet, sha256=digest(sheet), signature=signed, at=passage.now)
        passage.record(public={"seat": seat.number, "sheet": sheet, "signature": signed}, tender=subject)
    return kept


def correct_sheet(
    *, actor: Actor, tender: str, sheet: dict[str, Any], reason: str, public: str, signature: str, request_key: str | None = None
) -> SheetCorrection:
    """An evaluator corrects objective scores that differ between members, before there is a report (87号令 第64条).

    Args:
        sheet: the whole sheet again; only scores of objective criteria may differ from the one that stands.
        signature: as in :func:`submit_sheet`.
    """
    row = EVALUATION.rows["evaluation.correct_sheet"]
    if not reason.strip():
        raise bad("reason", "请写明更正的原因", "say why you correct it")
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        seat = experts.seat_held(actor, subject)
        before = seat.sheet.standing
        _check(subject, sheet, seat.number)
        if _without_objective(subject.formula, sheet) != _without_objective(subject.formula, before) or sheet == before:
            raise bad("sheet", "只能更正客观项的得分", "only scores of objective criteria can be corrected", article=OBJECTIVE)
        content = sheet_statement(subject.number, sheet)
        signed = parties_acts.signature_of(actor, "score-sheet", content, public, signature)
        kept = SheetCorrection.objects.create(
            sheet=seat.sheet, content=sheet, sha256=digest(sheet), reason=reason.strip(), signature=signed, at=passage.now
        )
        told = {"seat": seat.number, "sheet": sheet, "replaces": digest(before), "reason": kept.reason, "signature": signed}
        passage.record(public=told, tender=subject)
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
        _still_right(subject, report)
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


def _check(tender: Any, sheet: dict[str, Any], seat: int) -> None:
    listed = {bid.chain: claimed(tender, bid) for bid in opened(tender)}
    sheets.check_sheet(tender.formula, sheet, seat, listed, separate=law_of(tender).award == "separate")
    carried.check(tender, sheet, seat)


def _without_objective(formula: dict[str, Any], sheet: dict[str, Any]) -> dict[str, Any]:
    """A sheet without the scores of its objective criteria."""
    objective = {row["key"] for row in formula.get("criteria") or () if row.get("objective")}
    scores = {bid: {key: value for key, value in row.items() if key not in objective} for bid, row in sheet["scores"].items()}
    return {**sheet, "scores": scores}


def _still_right(tender: Any, report: Report) -> None:
    """A report is signed only as the formula gives it: sums, ranges and objective scores are looked at again (87号令 第64条).

    Asked once a signature; a report that a fault in the house had spoiled is not signed.
    """
    if digest(report_content(tender)) != report.sha256:
        said = Text("评标报告与重新计算的结果不同，不能签署", "the report differs from what the formula gives; it cannot be signed")
        raise Refused(Reason("report.sums", said, article=OBJECTIVE))


__all__ = [
    "conclude", "correct_sheet", "declare", "report_content", "report_statement", "sheet_statement", "sign_report",
    "submit_sheet",
]  # fmt: skip
