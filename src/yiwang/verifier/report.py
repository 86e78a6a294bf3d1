"""What a verification found: lines that say what was recomputed from what, and what remains a matter of trust."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.kernel.moment import stamp
from yiwang.kernel.text import Text
from yiwang.tlog.checkpoint import Checkpoint
from yiwang.verifier.safe import visible
from yiwang.verifier.witnesses import Standing

OK, FAILED, LATER = "ok", "failed", "not_applicable"
_MARKS = {OK: "✓", FAILED: "✗", LATER: "–"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one check went: :data:`OK`, :data:`FAILED` or :data:`LATER`, and its details (each fault on failure)."""

    status: str
    details: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One check of the report: stable id, what it is about, what was recomputed from what, and how it went."""

    id: str
    title: Text
    basis: Text
    status: str
    details: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """A disclosed act in the order of the log: its index, moment, name, who did it in which role, what it came to.

    ``hidden``: acts of the tender's chain between this one and the one before that are not public.
    """

    index: int
    at: datetime
    act: str
    name: Text
    role: Text
    who: str
    says: Text
    hidden: int = 0

    def json(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "index": self.index,
            "at": stamp(self.at),
            "act": self.act,
            "name": _both(self.name),
            "role": _both(self.role),
            "who": self.who,
            "says": _both(self.says),
            "hidden_before": self.hidden,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The report on one dossier; ``ok`` when nothing failed.

    Attributes:
        checkpoint: the log's, when its signatures are right.
        standing: how that stands with the reader's policy, or else with the dossier's own.
        timeline: the disclosed acts by log index.
    """

    tender: str
    title: str
    lines: tuple[Line, ...]
    trust: tuple[Text, ...]
    checkpoint: Checkpoint | None = None
    standing: Standing | None = None
    timeline: tuple[Event, ...] = ()

    @property
    def ok(self) -> bool:
        """True when no check failed."""
        return all(line.status != FAILED for line in self.lines)

    @property
    def failed(self) -> tuple[Line, ...]:
        """The checks that failed."""
        return tuple(line for line in self.lines if line.status == FAILED)

    def json(self) -> dict[str, Any]:
        """For ``--json``; every text in both languages."""
        return {
            "ok": self.ok,
            "tender": self.tender,
            "title": self.title,
            "checkpoint": self._head(),
            "policy": self.standing.json() if self.standing else None,
            "checks": [
                {
                    "id": line.id,
                    "status": line.status,
                    "title": _both(line.title),
                    "recomputed": _both(line.basis),
                    "details": [_both(detail) for detail in line.details],
                }
                for line in self.lines
            ],
            "timeline": [event.json() for event in self.timeline],
            "trust": [_both(text) for text in self.trust],
        }

    def _head(self) -> dict[str, Any] | None:
        head = self.checkpoint
        return {"origin": head.origin, "size": head.size, "root": head.root.hex()} if head else None

    def plain(self) -> str:
        """As text in the reader's language, one check after the other; what the dossier says cannot command a terminal."""
        rows = [f"{self.tender} {self.title}".strip()]
        for line in self.lines:
            rows.append(f"{_MARKS[line.status]} {line.title}  [{line.id}]")
            rows.append(f"    {line.basis}")
            rows.extend(f"    {'✗ ' if line.status == FAILED else ''}{detail}" for detail in line.details)
        rows.append("")
        rows.append(str(self.verdict))
        rows.append(str(Text("以下仍需信任：", "What remains a matter of trust:")))
        rows.extend(f"  · {text}" for text in self.trust)
        return "\n".join(map(visible, rows)) + "\n"

    @property
    def verdict(self) -> Text:
        """The outcome in one sentence."""
        good = sum(line.status == OK for line in self.lines)
        later = sum(line.status == LATER for line in self.lines)
        if self.ok:
            return Text(
                f"核验通过：{good} 项相符，{later} 项尚未发生或不适用",
                f"Verified: {good} checks hold, {later} not yet or not applicable",
            )
        bad = len(self.failed)
        return Text(f"核验不通过：{bad} 项不符", f"NOT verified: {bad} check{'s' if bad > 1 else ''} failed")


def outcome(faults: Iterable[Text], fine: Text) -> Outcome:
    """Failed with all faults, or ok with the sentence ``fine``."""
    found = tuple(faults)
    return Outcome(FAILED, found) if found else Outcome(OK, (fine,))


def later(zh: str, en: str) -> Outcome:
    """Not yet there, or does not apply."""
    return Outcome(LATER, (Text(zh, en),))


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
