"""The single sequencer: gives acts their place in the log, in the order of commit, and signs what it re-read.

Order of writing: index in the database, then bundle and tiles on disk (synced, read again, re-hashed), then the
signed checkpoint. After a crash the next run goes on from what the tiles hold: the database knows the order.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from yiwang.kernel import moment
from yiwang.modules.evidence.models import Act, Checkpoint, LogEntry
from yiwang.tlog.checkpoint import Checkpoint as Signed
from yiwang.tlog.checkpoint import sign_checkpoint
from yiwang.tlog.keys import FILE, LogKeys
from yiwang.tlog.tiles import TileLog

LOCK = 0x59_57_4C_4F_47
"""Advisory lock "YWLOG": one sequencer at a time, whatever the number of processes."""

BATCH = 1000


@dataclass(frozen=True)
class Log:
    """The log's files, keys and name."""

    tiles: TileLog
    keys: LogKeys
    origin: str


@lru_cache(maxsize=4)
def _log_at(folder: Path, origin: str) -> Log:
    folder.parent.mkdir(parents=True, exist_ok=True)
    return Log(TileLog(folder), _keys(folder.parent / "keys", origin), origin)


def _keys(folder: Path, origin: str) -> LogKeys:
    folder.mkdir(mode=0o700, exist_ok=True)
    if not (folder / FILE).exists():
        LogKeys.create(origin).save(folder)
    return LogKeys.load(folder)


def the_log() -> Log:
    """The log of this installation (``settings.LOG_FOLDER``, ``settings.LOG_ORIGIN``)."""
    return _log_at(Path(settings.LOG_FOLDER), settings.LOG_ORIGIN)


def forget() -> None:
    """Forget logs that are open; their files were removed (the demo city's reset)."""
    _log_at.cache_clear()


def sequence_once(limit: int = BATCH) -> int:
    """Give waiting acts their indexes, write them to the log and sign a checkpoint.

    Returns:
        How many acts got their place; 0 when none waited or another process is sequencing.
    """
    with _alone() as alone:
        if not alone:
            return 0
        with transaction.atomic():
            placed = _place(limit)
        if placed or _behind():
            _integrate()
        return placed


def sequence_all() -> int:
    """Sequence until nothing waits; gives how many acts got their place."""
    total = 0
    while (placed := sequence_once()) == BATCH:
        total += placed
    return total + placed


def _size() -> int:
    last = LogEntry.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if last is None else last + 1


_PLACE = """
WITH waiting AS (SELECT id, act_id FROM evidence_outbox ORDER BY id LIMIT %s),
  placed AS (
    INSERT INTO evidence_logentry (index, act_id)
    SELECT (SELECT coalesce(max(index), -1) FROM evidence_logentry) + row_number() OVER (ORDER BY id), act_id FROM waiting
    RETURNING 1),
  gone AS (DELETE FROM evidence_outbox o USING waiting w WHERE o.id = w.id)
SELECT count(*) FROM placed
"""


def _place(limit: int) -> int:
    """Move the waiting acts from the outbox to the next indexes, in one statement; how many they were."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, [limit])
        return int(cursor.fetchone()[0])


@contextmanager
def _alone() -> Iterator[bool]:
    """Hold the sequencer's lock, if it is free."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        alone = bool(cursor.fetchone()[0])
        try:
            yield alone
        finally:
            if alone:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _behind() -> bool:
    """Whether a crash left the files or the checkpoint behind the database."""
    last = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first()
    return (last or 0) < _size()


def _integrate() -> None:
    """Bring the files up to the database and sign."""
    log = the_log()
    log.tiles.reload()
    start = log.tiles.size
    entries = Act.objects.filter(log_entry__index__gte=start).order_by("log_entry__index")
    waiting = [bytes(entry) for entry in entries.values_list("entry", flat=True)]
    if waiting:
        log.tiles.append(waiting, at=start)
    _sign(log)


def _sign(log: Log) -> None:
    size, root = log.tiles.size, log.tiles.root()
    if Checkpoint.objects.filter(size=size).exists():
        return
    note = sign_checkpoint(Signed(log.origin, size, root), log.keys)
    Checkpoint.objects.create(size=size, root=root, note=note.decode(), at=moment.now())
    log.tiles.publish(note)
