"""How fast the audit reads a long log: a synthetic log of acts as the door writes them, audited from nothing.

    measure(entries=1_000_000)

Fills the database and the log folder of the current settings, which must be empty: an own data folder, as
``yiwang bench`` makes one. The reference is the bare hashing of the same bytes in memory: SHA-256 and SM3 of each act,
SHA-256 of each leaf and node.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from yiwang.bench import raw
from yiwang.bench.figure import Figure
from yiwang.kernel.canonical import canonical
from yiwang.modules.evidence import audit, audit_memory, audit_range, sequencer
from yiwang.modules.evidence.audit_log import one_moment
from yiwang.modules.evidence.audit_work import stretches
from yiwang.tlog.checkpoint import Checkpoint, sign_checkpoint

ENTRIES = 1_000_000
WITHIN = 20.0
"""Seconds in which :data:`ENTRIES` are to be audited."""

CHAIN = 40
"""Acts in one chain, about as many as a tender has."""

ALIVE = 500
"""Chains that go on side by side, as the living tenders of a city do."""

_COPY = (
    "COPY evidence_act (id, act, subject, seq, role, at, salt, canonical, private, private_salt, entry) FROM STDIN"
)
_AT = "2026-03-02T01:00:00Z"


@dataclass(frozen=True)
class Audited:
    """Seconds for the log's part of the audit (entries and acts), for a whole first run, and for the next one."""

    entries: int
    log_seconds: float
    full_seconds: float
    again_seconds: float
    hashing_seconds: float
    processes: int


def run() -> list[Figure]:
    """With :data:`ENTRIES`."""
    return figures()


def figures(entries: int = ENTRIES) -> list[Figure]:
    """Entries a second, and what a first audit and a night's cost."""
    found = measure(entries)
    scaled = found.log_seconds * ENTRIES / found.entries
    rate = found.entries / found.log_seconds
    return [
        Figure("evidence.audit_entries_per_second", rate, "1/s", "the same hashing in memory, one process",
               found.entries / found.hashing_seconds, f"1,000,000 entries in {WITHIN:g} s", scaled <= WITHIN),
        Figure("evidence.audit_full_seconds", found.full_seconds, "s", f"{found.entries} entries: the log's part alone", found.log_seconds),
        Figure("evidence.audit_nightly_seconds", found.again_seconds, "s", "the full audit before it", found.full_seconds),
    ]  # fmt: skip


def measure(entries: int = ENTRIES, processes: int | None = None) -> Audited:
    """Make a log of so many entries and audit it; the log's part alone, then everything, then what a night does."""
    fill(entries)
    began = time.perf_counter()
    with one_moment() as (log, damages):
        assert log is not None and not damages
        block = audit_range.BLOCK
        due = [(start, min(start + block, log.tiles.size)) for start in range(0, log.tiles.size, block)]
        wrong = [each for _, found in stretches(log, due, processes) for each in found]
    log_seconds = time.perf_counter() - began
    assert not wrong, wrong[:3]
    shutil.rmtree(audit_memory.folder(), ignore_errors=True)
    full, again = (_audited(processes) for _ in range(2))
    return Audited(entries, log_seconds, full, again, _hashing(entries), processes or 0)


def _audited(processes: int | None) -> float:
    began = time.perf_counter()
    report = audit.run(processes=processes)
    assert report.ok, report.findings[:3]
    return time.perf_counter() - began


def fill(entries: int) -> None:
    """Acts in the database and their entries in the log, with one checkpoint."""
    Path(settings.LOG_FOLDER).parent.mkdir(parents=True, exist_ok=True)
    log = sequencer.the_log()
    waiting: list[bytes] = []
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for number, (chain, seq, salt, content, entry) in enumerate(_acts(entries), 1):
            copy.write_row((number, "bench.act", chain, seq, "system", _AT, salt, content, "{}", "", entry))
            waiting.append(entry)
    for start in range(0, entries, 65_536):
        log.tiles.append(waiting[start : start + 65_536])
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO evidence_logentry (index, act_id) SELECT id - 1, id FROM evidence_act ORDER BY id")
        note = sign_checkpoint(Checkpoint(log.origin, log.tiles.size, log.tiles.root()), log.keys)
        values = log.tiles.size, log.tiles.root(), note.decode()
        cursor.execute("INSERT INTO evidence_checkpoint (size, root, note, at) VALUES (%s, %s, %s, now())", values)
        log.tiles.publish(note)
        cursor.execute("ANALYZE evidence_act, evidence_logentry")


def _acts(entries: int) -> Iterator[tuple[str, int, bytes, bytes, bytes]]:
    """Chains that interleave, as the tenders of a city do: name, number, salt, content, entry."""
    lives: dict[int, bytes] = {}
    for number in range(entries):
        age, place = divmod(number % (CHAIN * ALIVE), ALIVE)
        chain = number // (CHAIN * ALIVE) * ALIVE + place
        name, salt = f"bench/{chain:06d}", secrets.token_bytes(32)
        last = lives.get(place, b"") if age else b""
        content = _content(name, age, last.hex(), number)
        lives[place] = audit_range.entry_of(salt, content)
        yield name, age, salt, content, lives[place]


def _content(name: str, seq: int, prev: str, number: int) -> bytes:
    """An act of some 700 bytes: as long as a bid's, the commonest kind."""
    public = {"statement": hashlib.sha256(str(number).encode()).hexdigest() * 5, "number": number}
    actor = {"role": "system", "party": "", "person": ""}
    return canonical(
        {"v": 1, "act": "bench.act", "actor": actor, "at": _AT, "subject": name, "seq": seq, "prev": prev, "public": public, "private_digest": ""}
    )


def _hashing(entries: int) -> float:
    """Seconds for the bare hashing, measured on a part."""
    part = min(entries, 50_000)
    content = _content("bench/000000", 1, "00" * 64, 1)
    salt, leaves = secrets.token_bytes(32), [secrets.token_bytes(64) for _ in range(part)]
    began = time.perf_counter()
    for _ in range(part):
        audit_range.entry_of(salt, content)
    raw.tree_hash(leaves)
    return (time.perf_counter() - began) * entries / part

