"""Transitions of reviews."""

from __future__ import annotations

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.modules.evidence.registry import register
from yiwang.modules.reviews import rules

REVIEW = register(
    Table(
        "review",
        (),
        (
            Transition(
                "review.record",
                Text("签署公平竞争审查表", "sign the fair-competition form off"),
                "review",
                roles=("buyer", "agency"),
                sources=("draft",),
                articles=("公平竞争审查条例 第8条", "招标投标领域公平竞争审查规则 第5条"),
            ),
            Transition(
                "review.justify",
                Text("说明保留条款的理由", "give the reason for a term"),
                "review",
                roles=("buyer", "agency"),
                sources=("draft",),
                guards=(rules.has_findings_to_justify,),
                articles=("招标投标法实施条例 第32条",),
            ),
        ),
    )
)
