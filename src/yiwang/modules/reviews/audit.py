"""Justifications and forms against their acts."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel import moment
from yiwang.modules.evidence.findings import Finding, Kept, Scope, match, said
from yiwang.modules.reviews.models import Justification, Review

KEPT = (Kept(Justification, "tender"), Kept(Review, "tender"))


def findings(scope: Scope) -> Iterator[Finding]:
    """Rows against ``review.justify`` and ``review.record``; the newest act of a finding or a tender counts."""
    rows = {
        (row.tender.number, row.finding): {
            "rule": row.rule, "sentence": row.sentence, "reason": row.reason, "at": moment.stamp(row.at),
        }
        for row in Justification.objects.filter(**scope.rows("tender")).select_related("tender")
    }  # fmt: skip
    told = {
        (act.tender, act.public["finding"]): {
            **{name: act.public[name] for name in ("rule", "sentence", "reason")}, "at": moment.stamp(act.at), "*": act.label,
        }
        for act in said("review.justify", scope=scope)
    }  # fmt: skip
    yield from match("reviews.Justification", rows, told)
    forms = {
        row.tender.number: {"form": row.form, "answers": row.answers, "read": row.read, "at": moment.stamp(row.at)}
        for row in Review.objects.filter(**scope.rows("tender")).select_related("tender")
    }
    signed = {
        act.tender: {
            **{name: act.public[name] for name in ("form", "answers", "read")}, "at": moment.stamp(act.at), "*": act.label,
        }
        for act in said("review.record", scope=scope)
    }  # fmt: skip
    yield from match("reviews.Review", forms, signed)
