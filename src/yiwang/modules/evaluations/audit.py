"""Declarations, score sheets, reports and their signatures against their acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.kernel import moment
from yiwang.kernel.canonical import digest
from yiwang.modules.evaluations import audit_changes, audit_prices, audit_vote
from yiwang.modules.evaluations.models import (
    AwardMember,
    AwardVote,
    Ballot,
    Declaration,
    PriceChange,
    PriceFinding,
    PriceReview,
    PriceVote,
    Report,
    ReportSignature,
    Sheet,
    SheetCorrection,
)
from yiwang.modules.evidence.findings import Finding, Kept, Scope, match, said

KEPT = (
    Kept(Declaration, "seat__draw__tender"),
    Kept(Sheet, "seat__draw__tender"),
    Kept(Report, "tender"),
    Kept(ReportSignature, "report__tender"),
    Kept(SheetCorrection, "sheet__seat__draw__tender"),
    Kept(PriceReview, "tender"),
    Kept(PriceChange, "tender"),
    Kept(PriceVote, "change__tender"),
    Kept(PriceFinding, "review__tender"),
    Kept(AwardVote, "tender"),
    Kept(AwardMember, "vote__tender"),
    Kept(Ballot, "member__vote__tender"),
)

Rows = dict[tuple[str, int], dict[str, Any]]


def findings(scope: Scope) -> Iterator[Finding]:
    """Rows against ``evaluation.*``; sheets, declarations and signatures by tender and seat."""
    where, seats = scope.rows("seat__draw__tender"), "seat__draw__tender"
    sheets: Rows = {
        (row.seat.draw.tender.number, row.seat.number): {
            "sheet": row.content, "sha256": row.sha256, "signature": row.signature, "at": moment.stamp(row.at)
        }
        for row in Sheet.objects.filter(**where).select_related(seats)
    }  # fmt: skip
    handed: Rows = {
        (act.tender, act.public["seat"]): {
            "sheet": act.public["sheet"], "sha256": digest(act.public["sheet"]), "signature": act.public["signature"],
            "at": moment.stamp(act.at), "*": act.label,
        }
        for act in said("evaluation.submit_sheet", scope=scope)
    }  # fmt: skip
    yield from match("evaluations.Sheet", sheets, handed)
    declared: Rows = {
        (row.seat.draw.tender.number, row.seat.number): {"signature": row.signature, "at": moment.stamp(row.at)}
        for row in Declaration.objects.filter(**where).select_related(seats)
    }
    told: Rows = {
        (act.tender, act.public["seat"]): {
            "signature": act.public["signature"],
            "at": moment.stamp(act.at),
            "*": act.label,
        }
        for act in said("evaluation.declare", scope=scope)
    }
    yield from match("evaluations.Declaration", declared, told)
    yield from _reports(scope)
    yield from audit_prices.findings(scope)
    yield from audit_changes.findings(scope)
    yield from audit_vote.findings(scope)


def _reports(scope: Scope) -> Iterator[Finding]:
    reports = {
        row.tender.number: {
            "report": row.content, "sha256": row.sha256, "made_at": moment.stamp(row.made_at),
            "signed_at": moment.stamp(row.signed_at) if row.signed_at else None,
        }
        for row in Report.objects.filter(**scope.rows("tender")).select_related("tender")
    }  # fmt: skip
    rows: Rows = {
        (row.report.tender.number, row.seat.number): {
            "signature": row.signature, "dissent": row.dissent, "at": moment.stamp(row.at)
        }
        for row in ReportSignature.objects.filter(**scope.rows("report__tender")).select_related("report__tender", "seat")
    }  # fmt: skip
    made: dict[str, dict[str, Any]] = {}
    signed: Rows = {}
    for act in said("evaluation.conclude", "evaluation.sign_report", "negotiation.settle", scope=scope):
        at, public = moment.stamp(act.at), act.public
        if act.name != "evaluation.sign_report":
            final = at if act.name == "negotiation.settle" else None  # made without a committee, so final at once
            made[act.tender] = {
                "report": public["report"], "sha256": public["report_sha256"], "made_at": at, "signed_at": final,
                "*": act.label,
            }  # fmt: skip
            continue
        signed[act.tender, public["seat"]] = {
            "signature": public["signature"], "dissent": public["statement"]["dissent"], "at": at, "*": act.label
        }  # fmt: skip
        if sum(number == act.tender for number, _ in signed) == len(made[act.tender]["report"]["sheets"]):
            made[act.tender]["signed_at"] = at
    yield from match("evaluations.Report", reports, made)
    yield from match("evaluations.ReportSignature", rows, signed)
