"""A stretch of the log checked in full: bundles and tiles against each other, acts against their entries.

Plain SQL and plain Python, without Django: for a long log several processes each take stretches (:class:`Worker`).
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
from cryptography.hazmat.primitives import hashes

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.modules.evidence import blinding, commitments
from yiwang.modules.evidence.audit_read import STEP, Around, Row
from yiwang.modules.evidence.audit_read import placed as placed_rows
from yiwang.modules.evidence.blinding import BlindingKey
from yiwang.modules.evidence.finding import ALTERED, BACKDATED, DAMAGED, REMOVED, Finding, altered
from yiwang.tlog import layout
from yiwang.tlog.errors import LogDamaged
from yiwang.tlog.merkle import leaf_hash
from yiwang.tlog.reader import TileReader

BLOCK = 64 * layout.WIDTH
"""Entries that are checked, and remembered as checked, together: 16,384."""

BLIND, BLIND_AT = "blind", "2000-01-01T00:00:00Z"
"""What :mod:`.blind` puts into the columns of an act whose existence is secret."""

Key = Callable[[], BlindingKey]

_SM3 = hashes.Hash(hashes.SM3())

def entry_of(salt: bytes, content: bytes) -> bytes:
    """The same as :func:`.commitments.commit`, without a new SM3 context each time."""
    data = salt + content
    sm3 = _SM3.copy()
    sm3.update(data)
    return hashlib.sha256(data).digest() + sm3.finalize()


def key_beside(log: Path) -> Key:
    """The blinding key of the installation whose log lies in a folder; read when the first blind row is met."""
    found: list[BlindingKey] = []

    def key() -> BlindingKey:
        if not found:
            found.append(blinding.load(blinding.folder_of(log)))
        return found[0]

    return key


def stretch(link: psycopg.Connection[Any], reader: TileReader, start: int, stop: int) -> Iterator[Finding]:
    """Every tile, bundle and act from log index ``start`` to ``stop``; ``start`` is a multiple of 256."""
    key, around = key_beside(reader.directory), Around(link)
    for begin in range(start, min(stop, reader.size), STEP):
        end = min(begin + STEP, stop, reader.size)
        rows = placed_rows(link, begin, end)
        around.know(rows)
        by_index = {row.index: row for row in rows if row.pk is not None}
        for first in range(begin, end, layout.WIDTH):
            entries, damaged = _bundle(reader, first // layout.WIDTH)
            if damaged is not None:
                yield damaged
            for index in range(first, min(first + layout.WIDTH, end)):
                row, logged = by_index.get(index), entries[index - first] if entries is not None else None
                if row is None:
                    yield no_act(index)
                elif not _sound(row, logged, around):
                    yield from placed(row, logged, around, key)


def no_act(index: int) -> Finding:
    """A place of the log without its act."""
    text = Text(f"日志第 {index} 号条目的行为不在数据库中", f"the act of log entry {index} is not in the database")
    return Finding(REMOVED, f"evidence.Act (log {index})", text)


def _bundle(reader: TileReader, number: int) -> tuple[list[bytes] | None, Finding | None]:
    """The entries of a bundle that fits its tile, which fits the tile above it; what is wrong otherwise."""
    width = reader.width(0, number)
    try:
        entries, hashes_ = reader.read_bundle(number, width), reader.read_tile(0, number, width)
        if width == layout.WIDTH and layout.full_root(hashes_) != reader.hash_at(layout.HEIGHT, number):
            return None, unfit(layout.tile_path(0, number))
    except LogDamaged as error:
        return None, damage(error)
    if list(map(leaf_hash, entries)) != hashes_:
        return None, unfit(layout.tile_path("entries", number, width))
    return entries, None


def unfit(path: str) -> Finding:
    """A tile or bundle that does not fit the hash tree."""
    return Finding(DAMAGED, f"log/{path}", Text("内容与哈希树不符", "does not fit the hash tree"))


def damage(error: LogDamaged) -> Finding:
    """A file of the log that cannot be read as what it is."""
    return Finding(DAMAGED, f"log/{error.path}", error.reasons[0].message)


def placed(row: Row, logged: bytes | None, around: Around, key: Key) -> Iterator[Finding]:
    """An act against what the log holds at its index (None: the log cannot be read there), and by itself."""
    if logged is not None and logged != row.entry:
        text = Text(f"日志第 {row.index} 号是另一个条目", f"entry {row.index} of the log is another")
        yield Finding(ALTERED, f"evidence.Act {row.label}", text, "entry", row.entry.hex()[:16], logged.hex()[:16])
    yield from _order(row, around)
    yield from act(row, around, key)


def _order(row: Row, around: Around) -> Iterator[Finding]:
    """The act before it in its chain has a smaller index, and is not of a later moment."""
    before = around.before.get((row.subject, row.seq - 1)) if row.seq else None
    if before is None:
        return
    where = f"evidence.Act {row.label}"
    if before[1] is not None and row.index is not None and before[1] > row.index:
        text = Text(f"链上的前一行为在其后：第 {before[1]} 号", f"the act before it in its chain has a later index, {before[1]}")
        yield Finding(BACKDATED, where, text, "index", str(row.index), f"> {before[1]}")
    if before[2] > row.at:  # moments of one form are in order as text
        text = Text(
            f"自称发生在 {row.at}，早于链上的前一行为：{before[2]}",
            f"says that it was done at {row.at}, before the act before it in its chain: {before[2]}",
        )
        yield Finding(BACKDATED, where, text, "at", row.at, f">= {before[2]}")


def _sound(row: Row, logged: bytes | None, around: Around) -> bool:
    """Whether nothing at all is wrong with an act; the quick way for nearly all of them."""
    if logged != row.entry or row.act == BLIND or entry_of(row.salt, row.canonical) != logged or not _as_told(row, around):
        return False
    before = around.before.get((row.subject, row.seq - 1)) if row.seq else None
    return before is None or (before[2] <= row.at and before[1] is not None and before[1] < (row.index or 0))


def act(row: Row, around: Around, key: Key) -> Iterator[Finding]:
    """An act by itself: content gives the entry, columns repeat the content, the chain goes on."""
    if row.act == BLIND:
        yield from _blind(row, key)
        return
    if entry_of(row.salt, row.canonical) != row.entry:
        text = Text("内容、盐值或条目被改动：重算不符", "content, salt or entry were altered: they do not agree")
        yield Finding(ALTERED, f"evidence.Act {row.label}", text)
    if not _as_told(row, around):
        yield from _columns(row, around)


def _blind(row: Row, key: Key) -> Iterator[Finding]:
    """A blind row: its columns say nothing; what is sealed in it gives the entry. Findings do not tell what that is."""
    where = f"evidence.Act {row.label}"
    told = (row.seq, row.role, row.salt, row.private, row.tender, row.organisation, row.person)
    if told != (0, "", b"", None, None, None, None) or row.at != BLIND_AT:
        yield Finding(ALTERED, where, Text("盲行的列应当是空的", "the columns of a blind row say something"))
    try:
        head, _, content = key().open(row.canonical, row.entry).partition(b"\n")
        whole = entry_of(bytes.fromhex(json.loads(head)["salt"]), content) == row.entry
    except (YiwangError, ValueError, KeyError, TypeError) as error:
        said = error.reasons[0].message if isinstance(error, YiwangError) else Text("封存的内容残缺", "what is sealed is broken")
        yield Finding(ALTERED, where, said, "canonical")
        return
    if not whole:
        yield Finding(ALTERED, where, Text("封存的内容与条目不符", "what is sealed does not give the entry"), "canonical")


def _as_told(row: Row, around: Around) -> bool:
    """Whether the content begins and ends as the columns say: canonical JSON is one way only, so bytes can be compared."""
    digest = commitments.private_digest(row.private_salt, json.loads(row.private)) if row.private else ""
    before = _before(row, around)
    if before is None or (row.tender is not None and row.subject != f"tender/{around.tenders.get(row.tender)}"):
        return False
    tail = f'"role":"{row.role}"}},"at":"{row.at}","prev":"{before}","private_digest":"{digest}","public":{{'
    anonymous = f'{{"act":"{row.act}","actor":{{"party":"","person":"",{tail}'.encode()
    if not row.canonical.startswith(anonymous):
        person, party = _actor(row, around)
        if not row.canonical.startswith(f'{{"act":"{row.act}","actor":{{"party":"{party}","person":"{person}",{tail}'.encode()):
            return False
    return row.canonical.endswith(f'}},"seq":{row.seq},"subject":"{row.subject}","v":1}}'.encode())


def _before(row: Row, around: Around) -> str | None:
    """What the act must say of the act before it: its entry in hex, '' for the first; None when it is not there."""
    if not row.seq:
        return ""
    found = around.before.get((row.subject, row.seq - 1))
    return found[0].hex() if found else None


def _actor(row: Row, around: Around) -> tuple[str, str]:
    """Pseudonym and credit code as the act must give them, '' when nobody acted."""
    salt = around.people.get(row.person)
    if row.person is None or salt is None:
        return "", ""
    return commitments.pseudonym(salt, row.person, row.subject), around.organisations.get(row.organisation, "")


def _columns(row: Row, around: Around) -> Iterator[Finding]:
    """Which column does not repeat what the content says."""
    where = f"evidence.Act {row.label}"
    try:
        content = json.loads(row.canonical)
        told = list(_told(row, content, around))
    except (ValueError, KeyError, TypeError, AttributeError):
        yield Finding(ALTERED, where, Text("内容不是行为的 JSON", "its content is not the JSON of an act"))
        return
    for name, now, due in told:
        if now != due:
            yield altered(where, name, now, due)
    digest = commitments.private_digest(row.private_salt, json.loads(row.private)) if row.private else ""
    if digest != content["private_digest"]:
        yield Finding(ALTERED, where, Text("非公开部分被改动", "the private part was altered"), "private")
    if _before(row, around) != content["prev"]:
        yield Finding(ALTERED, where, Text("与链上的前一行为不相连", "does not follow the act before it in its chain"), "prev")


def _told(row: Row, content: Mapping[str, Any], around: Around) -> Iterator[tuple[str, Any, Any]]:
    """Columns that repeat the content: name, value of the row, value in the content."""
    yield "act", row.act, content["act"]
    yield "subject", row.subject, content["subject"]
    yield "seq", row.seq, content["seq"]
    yield "role", row.role, content["actor"]["role"]
    yield "at", row.at, content["at"]
    if row.tender is not None:
        yield "tender", f"tender/{around.tenders.get(row.tender)}", content["subject"]
    if content["actor"]["person"]:
        person, party = _actor(row, around)
        yield "person", person, content["actor"]["person"]
        yield "organisation", party, content["actor"]["party"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a process finds the database, as of which snapshot, and the log."""

    database: dict[str, Any]
    snapshot: str
    log: Path
    size: int


class Worker:
    """A process of its own that checks stretches in the snapshot that the audit reads."""

    here: Worker | None = None

    def __init__(self, place: Place) -> None:
        self.link = psycopg.connect(**place.database)
        self.link.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        self.link.execute(f"SET TRANSACTION SNAPSHOT '{place.snapshot}'")  # a statement of this kind takes no parameters
        self.reader = TileReader(place.log, place.size)

    @classmethod
    def begin(cls, place: Place) -> None:
        """To be called once in the new process. Ctrl-C is for the process that started this one, and ends both."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
        cls.here = cls(place)


def work(place: tuple[int, int]) -> list[Finding]:
    """The findings of one stretch, in a process that :meth:`Worker.begin` made ready."""
    worker = Worker.here
    assert worker is not None  # begun before the first stretch
    return check(worker.link, worker.reader, *place)


def _end_with(parent: int) -> None:
    """End when the process that started this one has ended, however that came."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


MOST = 1000
"""Findings told of one stretch: who destroyed everything need not be told of each row."""


def check(link: psycopg.Connection[Any], reader: TileReader, start: int, stop: int) -> list[Finding]:
    """The findings of one stretch, at most :data:`MOST`; a stretch that cannot be read is itself a finding."""
    try:
        return list(islice(stretch(link, reader, start, stop), MOST))
    except (YiwangError, ValueError, TypeError) as error:
        where = f"evidence.Act (log {start}-{stop - 1})"
        return [Finding(DAMAGED, where, Text(f"数据残缺，无法继续比对：{error}", f"data too broken to compare on: {error}"))]
