"""Transitions of remedies."""

from __future__ import annotations

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.modules.evidence.registry import register
from yiwang.modules.remedies import rules

OBJECTION = register(
    Table(
        "objection",
        (),
        (
            Transition(
                "objection.raise",
                Text("提出异议", "raise an objection"),
                "objection",
                roles=("tenderer",),
                sources=("tendering", "opened", "publicity"),
                articles=tuple(rules.ARTICLES.values()),
                tells=("buyer", "agency", "supervisor"),
            ),
            Transition(
                "objection.answer",
                Text("答复异议", "answer an objection"),
                "objection",
                roles=("buyer", "agency"),
                sources=("tendering", "opened", "publicity"),
                guards=(rules.has_open_objection,),
                articles=tuple(rules.ARTICLES.values()),
                tells=("supervisor",),
            ),
        ),
    )
)
