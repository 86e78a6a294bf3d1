"""What a verification found: lines that say what was recomputed from what, and what remains a matter of trust."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from yiwang.kernel.text import Text

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
class Report:
    """The report on one dossier; ``ok`` when nothing failed."""

    tender: str
    title: str
    lines: tuple[Line, ...]
    trust: tuple[Text, ...]

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
            "trust": [_both(text) for text in self.trust],
        }

    def plain(self) -> str:
        """As text in the reader's language, one check after the other."""
        rows = [f"{self.tender} {self.title}".strip()]
        for line in self.lines:
            rows.append(f"{_MARKS[line.status]} {line.title}  [{line.id}]")
            rows.append(f"    {line.basis}")
            rows.extend(f"    {'✗ ' if line.status == FAILED else ''}{detail}" for detail in line.details)
        rows.append("")
        rows.append(str(self.verdict))
        rows.append(str(Text("以下仍需信任：", "What remains a matter of trust:")))
        rows.extend(f"  · {text}" for text in self.trust)
        return "\n".join(rows) + "\n"

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
        return Text(f"核验不通过：{bad} 项不符", f"NOT verified: {bad} checks failed")


def outcome(faults: Iterable[Text], fine: Text) -> Outcome:
    """Failed with all faults, or ok with the sentence ``fine``."""
    found = tuple(faults)
    return Outcome(FAILED, found) if found else Outcome(OK, (fine,))


def later(zh: str, en: str) -> Outcome:
    """Not yet there, or does not apply."""
    return Outcome(LATER, (Text(zh, en),))


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
