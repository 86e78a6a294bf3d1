"""How a module compares its rows with what the acts say of them: ``findings(scope)`` in its ``audit.py``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.modules.evidence.finding import (
    ADDED,
    ALTERED,
    BACKDATED,
    DAMAGED,
    REMOVED,
    Finding,
    Progress,
    altered,
    differences,
    match,
)
from yiwang.modules.evidence.models import Act

__all__ = [
    "ADDED", "ALTERED", "BACKDATED", "DAMAGED", "REMOVED", "Finding", "Kept", "Progress", "Said", "Scope", "altered",
    "differences", "match", "said", "said_of",
]  # fmt: skip

STEP = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """A table whose rows acts tell of, and how a row leads to its tender: ``Kept(Sheet, "seat__draw__tender")``."""

    model: Any
    tender: str


@dataclass(frozen=True, slots=True)
class Scope:
    """The tenders that are compared now, by number; None: all of them."""

    tenders: frozenset[str] | None = None

    def rows(self, path: str) -> dict[str, Any]:
        """The filter of rows that lead to these tenders by ``path`` ('' for the tenders themselves)."""
        return {} if self.tenders is None else {f"{path}__number__in" if path else "number__in": self.tenders}

    @property
    def chains(self) -> list[str] | None:
        """Evidence subjects of these tenders."""
        return None if self.tenders is None else [f"tender/{number}" for number in self.tenders]


@dataclass(frozen=True, slots=True)
class Said:
    """What an act says, for comparison with rows. ``tender`` is told by the act's chain, '' for other chains."""

    pk: int
    name: str
    tender: str
    subject: str
    seq: int
    at: datetime
    public: dict[str, Any]
    private: dict[str, Any]
    organisation: int | None
    entry: bytes
    actor: dict[str, str]

    @property
    def label(self) -> str:
        """How findings name the act."""
        return f"{self.subject}#{self.seq} {self.name}"


def said(*names: str, scope: Scope | None = None) -> Iterator[Said]:
    """What the acts of these names say, each chain in its order; with a scope those of its tenders' chains only."""
    return said_of(scope.chains if scope else None, *names)


def said_of(subjects: Iterable[str] | None, *names: str) -> Iterator[Said]:
    """What the acts of some chains say (None: of all), each chain in its order."""
    found = Act.objects.filter(act__in=names).order_by("subject", "seq")
    if subjects is not None:
        found = found.filter(subject__in=list(subjects))
    columns = ("pk", "act", "subject", "seq", "at", "canonical", "private", "organisation_id", "entry")
    for pk, name, subject, seq, at, canonical, private, organisation, entry in found.values_list(*columns).iterator(
        chunk_size=STEP
    ):
        content = json.loads(bytes(canonical))
        number = subject.removeprefix("tender/") if subject.startswith("tender/") else ""
        yield Said(pk, name, number, subject, seq, at, content["public"], private, organisation, bytes(entry), content["actor"])
