"""The audit: database and files against the log. Names every row or file that was altered, removed or added.

What cannot be told from inside, whoever has the log's keys and the database can make agree with each other again; only
witnesses and the receipts and dossiers in other hands show that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.modules.evidence import audit_log
from yiwang.modules.evidence.findings import DAMAGED, Finding, Progress
from yiwang.modules.evidence.models import Act
from yiwang.modules.evidence.sequencer import Log

BUSINESS = (
    "yiwang.modules.parties.audit",
    "yiwang.modules.tenders.audit",
    "yiwang.modules.remedies.audit",
    "yiwang.modules.bids.audit",
    "yiwang.modules.openings.audit",
    "yiwang.modules.experts.audit",
    "yiwang.modules.evaluations.audit",
    "yiwang.modules.awards.audit",
    "yiwang.modules.contracts.audit",
)
"""Each has ``findings() -> Iterator[Finding]``: its own rows against its own acts. Named by path, not imported: evidence
stands above these modules and may not know their tables. A new module with legal rows adds its line here."""


@dataclass(frozen=True)
class AuditReport:
    """What an audit found; ``acts`` and ``entries`` say over how much."""

    acts: int
    entries: int
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """True when everything agrees."""
        return not self.findings

    def json(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "ok": self.ok,
            "acts": self.acts,
            "log_entries": self.entries,
            "findings": [each.json() for each in self.findings],
        }


def run(progress: Progress = lambda what, done, of: None) -> AuditReport:
    """Audit everything.

    Args:
        progress: called as it goes on, see :data:`yiwang.modules.evidence.findings.Progress`.
    """
    with audit_log.one_moment() as (log, damages):
        found = list(damages)
        size = log.tiles.size if log else 0
        if log is not None:
            found += _log_findings(log, size, progress)
        found += _guarded("files", lambda: audit_log.stored_files(progress))
        for number, name in enumerate(BUSINESS):
            progress(name.split(".")[2], number, len(BUSINESS))
            found += _guarded(name.split(".")[2], import_module(name).findings)
        return AuditReport(Act.objects.count(), size, tuple(dict.fromkeys(found)))


def _log_findings(log: Log, size: int, progress: Progress) -> list[Finding]:
    progress("log", 0, size)
    return [
        *_guarded("log", lambda: audit_log.tiles(log)),
        *_guarded("evidence.Checkpoint", lambda: audit_log.checkpoints(log)),
        *_guarded("evidence.Act", lambda: audit_log.acts(log, size, progress)),
        *_guarded("evidence.Act", audit_log.outside),
    ]


def _guarded(where: str, look: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """All findings; data so broken that it cannot be compared is itself a finding, and the audit goes on."""
    found: list[Finding] = []
    try:
        found.extend(look())
    except YiwangError as error:
        found += [Finding(DAMAGED, reason.field or where, reason.message) for reason in error.reasons]
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        kind = type(error).__name__
        found.append(
            Finding(
                DAMAGED,
                where,
                Text(f"数据残缺，无法继续比对（{kind}：{error}）", f"data too broken to compare on ({kind}: {error})"),
            )
        )
    return found
