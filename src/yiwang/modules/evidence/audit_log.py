"""The audit of evidence itself: tiles, checkpoints, acts, chains and files against each other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from yiwang.kernel import moment
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.modules.evidence import commitments, files
from yiwang.modules.evidence.findings import ADDED, ALTERED, DAMAGED, REMOVED, Finding, Progress, said
from yiwang.modules.evidence.models import Act, Checkpoint, LogEntry, Outbox
from yiwang.modules.evidence.sequencer import LOCK, Log, the_log
from yiwang.tlog import layout, open_checkpoint
from yiwang.tlog.errors import LogDamaged

STEP = 500


@contextmanager
def one_moment() -> Iterator[tuple[Log | None, list[Finding]]]:
    """The log and, in one read-only snapshot, the database, both as of one moment between two rounds of the sequencer.

    Gives None and what makes the log's files unreadable when they are.
    """
    inside = connection.in_atomic_block
    _statement("SELECT pg_advisory_lock(%s)", LOCK)
    with transaction.atomic():
        try:
            if not inside:
                _statement("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            LogEntry.objects.exists()
            opened = _open_log()
        finally:
            _statement("SELECT pg_advisory_unlock(%s)", LOCK)
        yield opened


def _statement(text: str, *values: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def _open_log() -> tuple[Log | None, list[Finding]]:
    try:
        log = the_log()
        log.tiles.reload()
        return log, []
    except LogDamaged as error:
        return None, [_damaged(error)]


def tiles(log: Log) -> Iterator[Finding]:
    """Every tile and bundle is hashed again, from the root downwards; older partial ones are the beginning of later ones."""
    try:
        log.tiles.check()
    except LogDamaged as error:
        yield _damaged(error)
        return
    for path in sorted(log.tiles.directory.glob("tile/**/*.p/*")):
        name = path.relative_to(log.tiles.directory).as_posix()
        try:
            same = path.read_bytes() == _partial(log, path)
        except (YiwangError, ValueError):
            same = False
        if not same:
            yield Finding(ALTERED, f"log/{name}", Text("不是日志的开头部分", "is not a beginning of the log's tile"))


def _partial(log: Log, path: Path) -> bytes:
    """What a partial tile or bundle must hold, by its place: ``tile/<level>/[x<nnn>/...]<nnn>.p/<width>``."""
    level, *numbers, width = path.relative_to(log.tiles.directory / "tile").parts
    index = int("".join(part.removeprefix("x").removesuffix(".p") for part in numbers))
    places = range(index * layout.WIDTH, index * layout.WIDTH + int(width))
    if level == "entries":
        return b"".join(layout.frame(log.tiles.entry(place)) for place in places)
    return b"".join(log.tiles.hash_at(int(level) * layout.HEIGHT, place) for place in places)


def _damaged(error: LogDamaged) -> Finding:
    return Finding(DAMAGED, f"log/{error.path}", error.reasons[0].message)


def checkpoints(log: Log) -> Iterator[Finding]:
    """Each checkpoint is signed by both keys and states the root that the tiles give at its size."""
    verifiers, last = log.keys.verifiers(), None
    for row in Checkpoint.objects.order_by("size"):
        where, last = f"evidence.Checkpoint {row.size}", row
        try:
            signed = open_checkpoint(row.note.encode(), verifiers, every=True).checkpoint
        except YiwangError as error:
            yield Finding(ALTERED, where, error.reasons[0].message)
            continue
        if (signed.size, signed.root, signed.origin) != (row.size, bytes(row.root), log.origin):
            yield Finding(
                ALTERED,
                where,
                Text("大小、根或来源与签名的检查点不符", "size, root or origin are not those that were signed"),
            )
        elif row.size > log.tiles.size:
            yield Finding(
                REMOVED,
                "log",
                Text(
                    f"日志只有 {log.tiles.size} 条，签过 {row.size} 条",
                    f"the log has {log.tiles.size} entries; {row.size} were signed",
                ),
            )
        elif log.tiles.root(row.size) != signed.root:
            yield Finding(ALTERED, where, Text("根与日志文件算出的不符", "its root is not the one that the tiles give"))
    published = log.tiles.checkpoint()
    if last is not None and published != last.note.encode():
        yield Finding(
            ALTERED,
            "log/checkpoint",
            Text("发布的检查点不是最后签署的", "the published checkpoint is not the last one signed"),
        )


def acts(log: Log, size: int, progress: Progress) -> Iterator[Finding]:
    """Each act gives its entry, stands at its index, and follows the act before it; each of ``size`` entries has its act."""
    total = LogEntry.objects.count()
    rows = Act.objects.filter(log_entry__isnull=False).select_related("log_entry", "tender", "person", "organisation")
    chains: dict[str, tuple[int, str]] = {}
    expected = 0
    for act in rows.order_by("log_entry__index").iterator(chunk_size=STEP):
        index = act.log_entry.index
        yield from _gap(expected, min(index, size))
        expected = index + 1
        yield from _act(act, chains)
        if index >= size:
            yield Finding(ADDED, _where(act), Text(f"日志没有第 {index} 号条目", f"the log has no entry {index}"))
        elif log.tiles.entry(index) != bytes(act.entry):
            yield Finding(
                ALTERED, _where(act), Text(f"日志第 {index} 号是另一个条目", f"entry {index} of the log is another")
            )
        if index % STEP == 0:
            progress("acts", index, total)
    yield from _gap(expected, size)
    progress("acts", total, total)


def _gap(start: int, stop: int) -> Iterator[Finding]:
    for index in range(start, stop):
        yield Finding(
            REMOVED,
            f"evidence.Act (log {index})",
            Text(f"日志第 {index} 号条目的行为不在数据库中", f"the act of log entry {index} is not in the database"),
        )


def outside() -> Iterator[Finding]:
    """Acts that neither have a place in the log nor wait for one; places without an act."""
    waiting = Outbox.objects.values_list("act_id", flat=True)
    for act in Act.objects.filter(log_entry__isnull=True).exclude(pk__in=waiting).order_by("id"):
        yield Finding(ADDED, _where(act), Text("没有经过日志", "never came into the log"))
    for index in LogEntry.objects.exclude(act_id__in=Act.objects.values("pk")).values_list("index", flat=True):
        yield Finding(REMOVED, f"evidence.LogEntry {index}", Text("它的行为不见了", "its act is gone"))


def _where(act: Act) -> str:
    return f"evidence.Act {act.subject}#{act.seq} {act.act}"


def _act(act: Act, chains: dict[str, tuple[int, str]]) -> Iterator[Finding]:
    where, content = _where(act), bytes(act.canonical)
    if commitments.commit(bytes(act.salt), content) != bytes(act.entry):
        yield Finding(
            ALTERED,
            where,
            Text("内容、盐值或条目被改动：重算不符", "content, salt or entry were altered: they do not agree"),
        )
    try:
        value = json.loads(content)
    except ValueError:
        yield Finding(ALTERED, where, Text("内容不是 JSON", "its content is not JSON"))
        return
    for name, row, said_ in _columns(act, value):
        if row != said_:
            yield Finding(
                ALTERED,
                where,
                Text(f"列 {name} 是 {row}，内容是 {said_}", f"column {name} is {row}, the content says {said_}"),
            )
    if commitments.private_digest(act.private_salt, act.private) != value["private_digest"]:
        yield Finding(ALTERED, where, Text("非公开部分被改动", "the private part was altered"))
    before = chains.get(act.subject)
    if (act.seq, value["prev"]) != ((before[0] + 1, before[1]) if before else (0, "")):
        yield Finding(ALTERED, where, Text("与链上的前一行为不相连", "does not follow the act before it in its chain"))
    chains[act.subject] = (act.seq, bytes(act.entry).hex())


def _columns(act: Act, value: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Columns that repeat what the content says: name, value of the row, value in the content."""
    yield "act", act.act, value["act"]
    yield "subject", act.subject, value["subject"]
    yield "seq", act.seq, value["seq"]
    yield "role", act.role, value["actor"]["role"]
    yield "at", moment.stamp(act.at), value["at"]
    if act.tender is not None:
        yield "tender", f"tender/{act.tender.number}", value["subject"]
    if value["actor"]["person"]:
        party = act.organisation.uscc if act.organisation else ""
        yield "organisation", party, value["actor"]["party"]
        yield "person", act.person.pseudonym(act.subject) if act.person else "", value["actor"]["person"]


def stored_files(progress: Progress) -> Iterator[Finding]:
    """Every file in the store has the content of its name; documents and sealed bids that acts name are there."""
    folder = files.folder()
    paths = sorted(path for path in folder.glob("??/*") if path.is_file()) if folder.is_dir() else []
    for number, path in enumerate(paths):
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != path.name:
            yield Finding(
                ALTERED,
                _place(path),
                Text("内容与文件名的 SHA-256 不符", "its content does not give the SHA-256 of its name"),
            )
        if number % 100 == 0:
            progress("files", number, len(paths))
    progress("files", len(paths), len(paths))
    have = {path.name for path in paths}
    for where, sha256 in _named():
        if sha256 not in have:
            yield Finding(
                REMOVED, _place(files.path_of(sha256)), Text(f"{where} 的文件不见了", f"the file of {where} is gone")
            )


def _named() -> Iterator[tuple[str, str]]:
    for act in said("tender.attach_document"):
        yield f"{act.subject}#{act.seq}", act.public["document"]["sha256"]
    for act in said("bid.submit"):
        yield act.subject, act.public["envelope_sha256"]


def _place(path: Path) -> str:
    return str(Path("files", *islice(path.parts, len(path.parts) - 2, None)))
