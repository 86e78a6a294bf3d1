"""Corrected sheets, reviews of low prices and the findings on them, against their acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.kernel import moment
from yiwang.kernel.canonical import digest
from yiwang.modules.evaluations.models import PriceFinding, PriceReview, SheetCorrection
from yiwang.modules.evidence.findings import Finding, Scope, match, said


def findings(scope: Scope) -> Iterator[Finding]:
    """Rows against ``evaluation.correct_sheet``, ``ask_price``, ``explain_price`` and ``judge_price``."""
    yield from _corrections(scope)
    yield from _reviews(scope)
    rows = {
        (row.review.tender.number, row.review.bid, row.seat.number): {
            "proven": row.proven, "reason": row.reason, "at": moment.stamp(row.at),
        }
        for row in PriceFinding.objects.filter(**scope.rows("review__tender")).select_related("review__tender", "seat")
    }  # fmt: skip
    told = {
        (act.tender, act.public["bid"], act.public["seat"]): {
            "proven": act.public["proven"], "reason": act.public["reason"], "at": moment.stamp(act.at), "*": act.label,
        }
        for act in said("evaluation.judge_price", scope=scope)
    }  # fmt: skip
    yield from match("evaluations.PriceFinding", rows, told)


def _corrections(scope: Scope) -> Iterator[Finding]:
    found = SheetCorrection.objects.filter(**scope.rows("sheet__seat__draw__tender")).select_related("sheet__seat__draw__tender")
    rows = {
        (row.sheet.seat.draw.tender.number, moment.stamp(row.at), row.sheet.seat.number): {
            "sheet": row.content, "sha256": row.sha256, "reason": row.reason, "signature": row.signature,
        }
        for row in found
    }  # fmt: skip
    told = {
        (act.tender, moment.stamp(act.at), act.public["seat"]): {
            "sheet": act.public["sheet"], "sha256": digest(act.public["sheet"]), "reason": act.public["reason"],
            "signature": act.public["signature"], "*": act.label,
        }
        for act in said("evaluation.correct_sheet", scope=scope)
    }  # fmt: skip
    yield from match("evaluations.SheetCorrection", rows, told)


def _reviews(scope: Scope) -> Iterator[Finding]:
    rows = {
        (row.tender.number, row.bid): {
            "seat": row.seat.number, "grounds": row.grounds, "reason": row.reason, "asked_at": moment.stamp(row.asked_at),
            "until": moment.stamp(row.until), "explanation": row.explanation,
            "explained_at": moment.stamp(row.explained_at) if row.explained_at else None,
        }
        for row in PriceReview.objects.filter(**scope.rows("tender")).select_related("tender", "seat")
    }  # fmt: skip
    told: dict[tuple[str, str], dict[str, Any]] = {}
    for act in said("evaluation.ask_price", "evaluation.explain_price", scope=scope):
        key = act.tender, act.public["bid"]
        if act.name == "evaluation.ask_price":
            told[key] = {
                **{name: act.public[name] for name in ("seat", "grounds", "reason", "until")},
                "asked_at": moment.stamp(act.at), "explanation": "", "explained_at": None,
            }  # fmt: skip
        else:
            told[key] |= {"explanation": act.private["explanation"], "explained_at": moment.stamp(act.at)}
        told[key]["*"] = act.label
    yield from match("evaluations.PriceReview", rows, told)
