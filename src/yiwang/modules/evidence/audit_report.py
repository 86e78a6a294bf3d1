"""The act ``audit.report``: what a nightly audit found goes into the log, so that nobody can hush it up, and to the supervisor."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.kernel.canonical import digest
from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.modules.evidence import door
from yiwang.modules.evidence.actors import SYSTEM
from yiwang.modules.evidence.audit_results import Result
from yiwang.modules.evidence.registry import register

CHAIN = "audit"
MOST = 50
"""Findings that the act itself names; the digest covers all that were kept."""

AUDIT = register(
    Table(
        "audit",
        (),
        (
            Transition(
                "audit.report",
                Text("报告核对发现的不一致", "report what the audit found"),
                "audit",
                roles=("system",),
                sources=(),
                articles=("电子招标投标办法 第49条",),
                tells=("supervisor", "center"),
                by_time=True,
                offered=False,
            ),
        ),
    )
)


@dataclass
class _Book:
    """Stands for the audit as the act's subject; it has no row of its own."""

    chain: str = CHAIN

    def save(self) -> None:
        """Nothing to save."""


def report(result: Result) -> int:
    """Record an audit that found something; the number of acts (none when all agreed)."""
    if result.ok:
        return 0
    findings = [each.json() for each in result.findings]
    with door.enter(AUDIT.rows["audit.report"], SYSTEM, lambda: None, request_key=f"audit-{result.began}") as passage:
        passage.subject = _Book()
        passage.record(
            public={
                "began": result.began,
                "entries": result.entries,
                "findings": result.count,
                "findings_sha256": digest(findings),
            },
            private={"findings": findings[:MOST]},
        )
    return 1
