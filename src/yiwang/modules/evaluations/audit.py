"""Declarations, score sheets, reports and their signatures against their acts."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.modules.evaluations.models import Declaration, Report, ReportSignature, Sheet
from yiwang.modules.evidence.findings import Finding, match, said


def findings() -> Iterator[Finding]:
    """Rows against ``evaluation.*``; sheets and signatures by tender and seat."""
    sheets = {
        (row.seat.draw.tender.number, row.seat.number): {"sheet": row.content, "signature": row.signature}
        for row in Sheet.objects.select_related("seat__draw__tender")
    }
    handed = {
        (act.tender, act.public["seat"]): {"sheet": act.public["sheet"], "signature": act.public["signature"]}
        for act in said("evaluation.submit_sheet")
    }
    yield from match("evaluations.Sheet", sheets, handed)
    declared = {
        (row.seat.draw.tender.number, row.seat.number): {"signature": row.signature}
        for row in Declaration.objects.select_related("seat__draw__tender")
    }
    told = {
        (act.tender, act.public["seat"]): {"signature": act.public["signature"]} for act in said("evaluation.declare")
    }
    yield from match("evaluations.Declaration", declared, told)
    reports = {
        row.tender.number: {"report": row.content, "sha256": row.sha256}
        for row in Report.objects.select_related("tender")
    }
    made = {
        act.tender: {"report": act.public["report"], "sha256": act.public["report_sha256"]}
        for act in said("evaluation.conclude")
    }
    yield from match("evaluations.Report", reports, made)
    yield from _signatures()


def _signatures() -> Iterator[Finding]:
    rows = {
        (row.report.tender.number, row.seat.number): {"signature": row.signature, "dissent": row.dissent}
        for row in ReportSignature.objects.select_related("report__tender", "seat")
    }
    due = {
        (act.tender, act.public["seat"]): {
            "signature": act.public["signature"],
            "dissent": act.public["statement"]["dissent"],
        }
        for act in said("evaluation.sign_report")
    }
    yield from match("evaluations.ReportSignature", rows, due)
