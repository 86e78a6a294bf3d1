"""What audits found, kept in the data folder beside what they remember: one JSON line for each run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from yiwang.modules.evidence.audit_memory import RESULTS, append, folder, lines_of
from yiwang.modules.evidence.finding import Finding

MOST = 500
"""Findings kept of one run; their number is kept in any case."""


@dataclass(frozen=True, slots=True)
class Result:
    """A run that ended. ``count``: how many findings there were. ``night``: the local date, for the nightly runs."""

    began: str
    seconds: float
    night: str
    ok: bool
    full: bool
    entries: int
    acts: int
    read: int
    tenders: int
    count: int
    findings: tuple[Finding, ...]


def keep(value: dict[str, Any], *, night: str = "") -> None:
    """Keep a run's :meth:`.AuditReport.json`."""
    kept = {**value, "count": len(value["findings"]), "findings": value["findings"][:MOST], "night": night}
    folder().mkdir(parents=True, exist_ok=True)
    append(folder() / RESULTS, (json.dumps(kept, ensure_ascii=False, separators=(",", ":")) + "\n").encode())


def results(most: int = 30) -> list[Result]:
    """The newest runs first; lines that are not results are passed over."""
    found = [result for line in lines_of(folder() / RESULTS) for result in _read(line)]
    return found[::-1][:most]


def _read(line: dict[str, Any]) -> Iterator[Result]:
    try:
        yield Result(
            str(line["began"]), float(line["seconds"]), str(line["night"]), bool(line["ok"]), bool(line["full"]),
            int(line["log_entries"]), int(line["acts"]), int(line["read"]), int(line["tenders"]), int(line["count"]),
            tuple(map(Finding.of, line["findings"])),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError):
        return
