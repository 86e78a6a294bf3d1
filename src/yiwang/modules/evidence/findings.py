"""What an audit finds, and how rows are compared with what the acts say of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.kernel.text import Text
from yiwang.modules.evidence.models import Act

ALTERED, REMOVED, ADDED, DAMAGED = "altered", "removed", "added", "damaged"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as the log says.

    Attributes:
        kind: ``altered``, ``removed``, ``added``, or ``damaged`` (a file that cannot be read as what it is).
        where: the row or file: ``bids.Bid 0f3a...``, ``evidence.Act tender/YW2026-0001#4``, ``files/ab/ab12...``.
        text: what is wrong.
    """

    kind: str
    where: str
    text: Text

    def json(self) -> dict[str, Any]:
        """For ``--json``."""
        return {"kind": self.kind, "where": self.where, "message": {"zh": self.text.zh, "en": self.text.en}}


Progress = Callable[[str, int, int], None]
"""``progress(what, done, of)``: called as the audit goes on; ``of`` is 0 where nobody knows."""


@dataclass(frozen=True, slots=True)
class Said:
    """What an act says, for comparison with rows."""

    tender: str
    subject: str
    seq: int
    at: datetime
    public: dict[str, Any]
    private: dict[str, Any]
    organisation: int | None
    entry: bytes


def said(*names: str) -> Iterator[Said]:
    """What all acts of these names say, each chain in its order."""
    found = Act.objects.filter(act__in=names).order_by("subject", "seq")
    columns = ("tender__number", "subject", "seq", "at", "canonical", "private", "organisation_id", "entry")
    for number, subject, seq, at, canonical, private, organisation, entry in found.values_list(*columns).iterator(
        chunk_size=500
    ):
        public = json.loads(bytes(canonical))["public"]
        yield Said(number or "", subject, seq, at, public, private, organisation, bytes(entry))


def match(
    table: str, rows: Mapping[Any, Mapping[str, Any]], acts: Mapping[Any, Mapping[str, Any]]
) -> Iterator[Finding]:
    """Compare rows with what acts say: both by the same key, each a mapping of field to value.

    A row without an act was added, an act without its row was removed, a differing field was altered.
    """
    for key in rows.keys() - acts.keys():
        yield Finding(ADDED, f"{table} {key}", Text("没有任何行为记载这一行", "no act tells of this row"))
    for key in acts.keys() - rows.keys():
        yield Finding(
            REMOVED, f"{table} {key}", Text("行为记载了这一行，数据库中没有", "an act tells of this row; it is gone")
        )
    for key in rows.keys() & acts.keys():
        yield from differences(f"{table} {key}", rows[key], acts[key])


def differences(where: str, row: Mapping[str, Any], act: Mapping[str, Any]) -> Iterator[Finding]:
    """One finding for each field of ``act`` that the row has otherwise."""
    for name, value in act.items():
        if row[name] != value:
            now, then = _short(row[name]), _short(value)
            yield Finding(
                ALTERED, where, Text(f"{name} 是 {now}，行为记载的是 {then}", f"{name} is {now}, the act says {then}")
            )


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str, sort_keys=True)
    return text if len(text) <= 80 else f"{text[:77]}..."
