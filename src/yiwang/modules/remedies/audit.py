"""Objections against their acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.kernel import moment
from yiwang.modules.evidence.findings import Finding, Kept, Scope, match, said
from yiwang.modules.remedies import rules
from yiwang.modules.remedies.models import Objection

KEPT = (Kept(Objection, "tender"),)


def findings(scope: Scope) -> Iterator[Finding]:
    """Rows against ``objection.raise`` and ``objection.answer``."""
    found = Objection.objects.filter(**scope.rows("tender")).select_related("by", "tender")
    rows = {
        (row.tender.number, row.pk): {
            "kind": row.kind, "text": row.text, "by": row.by.uscc, "answer": row.answer, "upheld": row.upheld,
            "raised_at": moment.stamp(row.raised_at), "answer_by": moment.stamp(row.answer_by),
            "answered_at": moment.stamp(row.answered_at) if row.answered_at else None,
        }
        for row in found
    }  # fmt: skip
    procedures = {row.tender.number: row.tender.procedure for row in found}
    due: dict[tuple[str, int], dict[str, Any]] = {}
    for act in said("objection.raise", scope=scope):
        key = act.tender, act.public["objection"]
        due[key] = {
            "kind": act.public["kind"], "text": act.public["text"], "by": act.private["by"], "answer": "",
            "upheld": None, "raised_at": moment.stamp(act.at), "answered_at": None, "*": act.label,
        }  # fmt: skip
        if act.tender in procedures:
            until = rules.answer_by(procedures[act.tender], act.public["kind"], act.at)
            due[key]["answer_by"] = moment.stamp(until)
    for act in said("objection.answer", scope=scope):
        due[act.tender, act.public["objection"]].update(
            answer=act.public["answer"], upheld=act.public["upheld"], answered_at=moment.stamp(act.at), **{"*": act.label}
        )
    yield from match("remedies.Objection", rows, due)
