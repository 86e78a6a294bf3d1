"""Objections against their acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.modules.evidence.findings import Finding, match, said
from yiwang.modules.remedies.models import Objection


def findings() -> Iterator[Finding]:
    """Rows against ``objection.raise`` and ``objection.answer``."""
    rows = {
        row.pk: {"kind": row.kind, "text": row.text, "by": row.by.uscc, "answer": row.answer, "upheld": row.upheld}
        for row in Objection.objects.select_related("by")
    }
    due: dict[int, dict[str, Any]] = {
        act.public["objection"]: {
            "kind": act.public["kind"],
            "text": act.public["text"],
            "by": act.private["by"],
            "answer": "",
            "upheld": None,
        }
        for act in said("objection.raise")
    }
    for act in said("objection.answer"):
        due[act.public["objection"]].update(answer=act.public["answer"], upheld=act.public["upheld"])
    yield from match("remedies.Objection", rows, due)
