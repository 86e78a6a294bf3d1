"""What an audit finds, as a value: one row or file, what is wrong with it, which act says otherwise, since when.

Nothing here needs Django, so that the processes that hash the log start at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.kernel.text import Text

ALTERED, REMOVED, ADDED, BACKDATED, DAMAGED = "altered", "removed", "added", "backdated", "damaged"

KINDS = {
    ALTERED: Text("被改动", "altered"),
    REMOVED: Text("被删除", "removed"),
    ADDED: Text("混入", "added"),
    BACKDATED: Text("倒签", "backdated"),
    DAMAGED: Text("损坏", "damaged"),
}

Progress = Callable[[str, int, int], None]
"""``progress(what, done, of)``: called as the audit goes on; ``of`` is 0 where nobody knows."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as the log says.

    Attributes:
        kind: one of :data:`KINDS`; ``damaged`` is a file that cannot be read as what it is.
        where: the row or file: ``bids.Bid bid/0f3a...``, ``evidence.Act tender/YW2026-0001#4``, ``files/ab/ab12...``.
        text: what is wrong.
        field: the column, where it is one; ``now`` what it says, ``told`` what act or log say.
        act: the act that tells otherwise: ``tender/YW2026-0001#31 evaluation.submit_sheet``.
        since: the last audit that saw this place in order (RFC 3339); '' when none did.
    """

    kind: str
    where: str
    text: Text
    field: str = ""
    now: str = ""
    told: str = ""
    act: str = ""
    since: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same finding in another run."""
        return self.kind, self.where, self.field

    def json(self) -> dict[str, Any]:
        """For ``--json`` and the kept results."""
        more = {name: getattr(self, name) for name in ("field", "now", "told", "act", "since") if getattr(self, name)}
        return {"kind": self.kind, "where": self.where, **more, "message": {"zh": self.text.zh, "en": self.text.en}}

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Finding:
        """Read what :meth:`json` gave."""
        more = {name: str(value.get(name, "")) for name in ("field", "now", "told", "act", "since")}
        text = Text(value["message"]["zh"], value["message"]["en"])
        return cls(value["kind"], value["where"], text, **more)


def match(
    table: str, rows: Mapping[Any, Mapping[str, Any]], acts: Mapping[Any, Mapping[str, Any]]
) -> Iterator[Finding]:
    """Compare rows with what acts say: both by the same key, each a mapping of field to value.

    A row without an act was added, an act without its row was removed, a differing field was altered. The key ``"*"``
    of what an act says is no field: it names the act.
    """
    for key in sorted(rows.keys() - acts.keys(), key=str):
        yield Finding(ADDED, _where(table, key), Text("没有任何行为记载这一行", "no act tells of this row"))
    for key in sorted(acts.keys() - rows.keys(), key=str):
        text = Text("行为记载了这一行，数据库中没有", "an act tells of this row; it is gone")
        yield Finding(REMOVED, _where(table, key), text, act=str(acts[key].get("*", "")))
    for key in sorted(rows.keys() & acts.keys(), key=str):
        yield from differences(_where(table, key), rows[key], acts[key])


def differences(where: str, row: Mapping[str, Any], act: Mapping[str, Any]) -> Iterator[Finding]:
    """One finding for each field of ``act`` that the row has otherwise."""
    for name, value in act.items():
        if name != "*" and row[name] != value:
            yield altered(where, name, row[name], value, str(act.get("*", "")))


def altered(where: str, name: str, now: Any, told: Any, act: str = "") -> Finding:
    """A field that says something else than the act."""
    have, due = short(now), short(told)
    text = Text(f"{name} 是 {have}，行为记载的是 {due}", f"{name} is {have}, the act says {due}")
    return Finding(ALTERED, where, text, name, have, due, act)


def short(value: Any) -> str:
    """A value as findings show it, at most 80 characters."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str, sort_keys=True)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _where(table: str, key: Any) -> str:
    return f"{table} {' '.join(map(str, key)) if isinstance(key, tuple) else key}"
