"""Acts as the database holds them, with what they refer to, read in steps of a few thousand by plain SQL.

Joining everything in the database costs ten times what looking up the few tenders, people and predecessors that a step
needs does; so that is done here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import psycopg

STEP = 4096
"""Acts read at a time."""

_AT = """to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""
_COLUMNS = f"""
a.id, a.act, a.subject, a.seq, a.role, {_AT}, a.salt, a.canonical, a.entry,
CASE WHEN a.private = '{{}}'::jsonb THEN NULL ELSE a.private::text END, a.private_salt,
a.tender_id, a.organisation_id, a.person_id::text
"""
_PLACED = (
    f"SELECT e.index, {_COLUMNS} FROM evidence_logentry e LEFT JOIN evidence_act a ON a.id = e.act_id"
    " WHERE e.index >= %s AND e.index < %s ORDER BY e.index"
)
_WAITING = (
    f"SELECT NULL::bigint, {_COLUMNS} FROM evidence_act a WHERE a.id IN (SELECT act_id FROM evidence_outbox) AND a.id > %s"
    f" ORDER BY a.id LIMIT {STEP}"
)
_CHAINS = (
    f"SELECT e.index, {_COLUMNS} FROM evidence_act a JOIN evidence_logentry e ON e.act_id = a.id"
    " WHERE a.subject = ANY(%s) ORDER BY e.index"
)
_BEFORE = (
    f"SELECT a.subject, a.seq, a.entry, e.index, {_AT} FROM unnest(%s::varchar[], %s::int[]) AS wanted (subject, seq)"
    " JOIN evidence_act a ON a.subject = wanted.subject AND a.seq = wanted.seq LEFT JOIN evidence_logentry e ON e.act_id = a.id"
)
_CHAINS_AT_ONCE = 200


class Row(NamedTuple):
    """An act as the database holds it. A place in the log whose act is gone has ``pk`` None, and nothing else."""

    index: int | None  # type: ignore[assignment]  # hides tuple.index, which nobody wants of a row
    pk: int | None
    act: str
    subject: str
    seq: int
    role: str
    at: str
    salt: bytes
    canonical: bytes
    entry: bytes
    private: str | None
    private_salt: str
    tender: int | None
    organisation: int | None
    person: str | None

    @property
    def label(self) -> str:
        """How findings name the act."""
        return f"{self.subject}#{self.seq} {self.act}"


@dataclass
class Around:
    """What acts refer to: numbers of tenders, credit codes, people's salts, and the acts before them in their chains.

    ``before`` maps (chain, number) to (entry, index or None, moment).
    """

    link: psycopg.Connection[Any]
    tenders: dict[int | None, str] = field(default_factory=dict)
    organisations: dict[int | None, str] = field(default_factory=dict)
    people: dict[str | None, str] = field(default_factory=dict)
    before: dict[tuple[str, int], tuple[bytes, int | None, str]] = field(default_factory=dict)

    def know(self, rows: Sequence[Row]) -> None:
        """Look up what these acts refer to and is not known yet. Of earlier steps' acts only the last are kept."""
        if len(self.before) > 16 * STEP:
            self.before = {}
        self.before.update(((row.subject, row.seq), (row.entry, row.index, row.at)) for row in rows if row.pk is not None)
        missing = [key for row in rows if row.seq and (key := (row.subject, row.seq - 1)) not in self.before]
        if missing:
            chains, numbers = [key[0] for key in missing], [key[1] for key in missing]
            for subject, seq, *said in query(self.link, _BEFORE, chains, numbers):
                self.before[subject, seq] = said[0], said[1], said[2]
        self._look_up(self.tenders, "SELECT id, number FROM tenders_tender WHERE id = ANY(%s)", {row.tender for row in rows})
        wanted = {row.organisation for row in rows}
        self._look_up(self.organisations, "SELECT id, uscc FROM parties_organisation WHERE id = ANY(%s)", wanted)
        people = "SELECT id::text, evidence_salt FROM parties_person WHERE id = ANY(%s::uuid[])"
        self._look_up(self.people, people, {row.person for row in rows})

    def _look_up(self, known: dict[Any, str], statement: str, keys: set[Any]) -> None:
        missing = list(keys - known.keys() - {None})
        if missing:
            known.update(query(self.link, statement, missing))


def query(link: psycopg.Connection[Any], statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """All rows of a statement, in the driver's binary form (Django's own cursors know only the slower one)."""
    return psycopg.Cursor(link).execute(statement, values, binary=True).fetchall()


def placed(link: psycopg.Connection[Any], start: int, stop: int) -> list[Row]:
    """Acts with their places in the log, from one index to another."""
    return [Row(*values) for values in query(link, _PLACED, start, stop)]


def waiting(link: psycopg.Connection[Any]) -> Iterator[list[Row]]:
    """Acts that wait for their place."""
    last = 0
    while some := [Row(*values) for values in query(link, _WAITING, last)]:
        yield some
        last = some[-1].pk or 0


def chains(link: psycopg.Connection[Any], subjects: Sequence[str]) -> Iterator[list[Row]]:
    """All acts of some chains that have their places."""
    for start in range(0, len(subjects), _CHAINS_AT_ONCE):
        yield [Row(*values) for values in query(link, _CHAINS, list(subjects[start : start + _CHAINS_AT_ONCE]))]
