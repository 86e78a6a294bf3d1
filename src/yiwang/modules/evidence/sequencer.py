"""The single sequencer: gives acts their place in the log, in the order of commit, and signs what it re-read.

Order of writing: index in the database, then bundle and tiles on disk (synced, read again, re-hashed), then the
signed checkpoint. After a crash the next run goes on from what the tiles hold: the database knows the order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from yiwang.kernel import moment
from yiwang.modules.evidence import years
from yiwang.modules.evidence.models import Act, Checkpoint, LogEntry, Outbox
from yiwang.tlog.checkpoint import Checkpoint as Signed
from yiwang.tlog.checkpoint import sign_checkpoint
from yiwang.tlog.keys import LogKeys
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
def _log_at(folder: Path, origin: str, periods: int) -> Log:
    folder.parent.mkdir(parents=True, exist_ok=True)
    keys = years.current(folder, origin)
    return Log(TileLog(folder), keys, keys.name)


def the_log() -> Log:
    """The log of this installation (``settings.LOG_FOLDER``) under its present name, with the keys that sign now."""
    folder = Path(settings.LOG_FOLDER)
    return _log_at(folder, settings.LOG_ORIGIN, len(years.history(folder)))


def forget() -> None:
    """Forget logs that are open; their files were removed (the demo city's reset)."""
    _log_at.cache_clear()
    years.forget()


def sequence_once(limit: int = BATCH) -> int:
    """Give waiting acts their indexes, write them to the log and sign a checkpoint.

    Returns:
        How many acts got their place; 0 when none waited or another process is sequencing.
    """
    with alone() as mine:
        if not mine:
            return 0
        with transaction.atomic():
            placed = _place(limit)
        if placed or _behind():
            integrate()
        return placed


def sequence_all() -> int:
    """Sequence until nothing waits; gives how many acts got their place."""
    total = 0
    while (placed := sequence_once()) == BATCH:
        total += placed
    return total + placed


def size() -> int:
    """How many acts have their place."""
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


def place(acts: Iterable[Act]) -> None:
    """Give waiting acts the next indexes now, ahead of all that wait; under the lock, in the caller's transaction."""
    for index, act in enumerate(acts, size()):
        LogEntry.objects.create(index=index, act=act)
        Outbox.objects.filter(act=act).delete()


def _place(limit: int) -> int:
    """Move the waiting acts from the outbox to the next indexes, in one statement; how many they were."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, [limit])
        return int(cursor.fetchone()[0])


@contextmanager
def alone(*, wait: bool = False) -> Iterator[bool]:
    """Hold the sequencer's lock, if it is free; with ``wait``, once it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s), true" if wait else "SELECT NULL, pg_try_advisory_lock(%s)", [LOCK])
        mine = bool(cursor.fetchone()[1])
        try:
            yield mine
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _behind() -> bool:
    """Whether a crash left the files or the checkpoint behind the database."""
    last = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first()
    return (last or 0) < size()


def integrate(until: int | None = None) -> None:
    """Bring the files up to the database and sign; at sizes where keys or name of the log change, sign too.

    Args:
        until: go no further than this size.
    """
    periods = years.refresh(Path(settings.LOG_FOLDER), lambda: the_log().keys)
    log = the_log()
    log.tiles.reload()
    for stop in years.stops(periods, log.tiles.size, size()):
        if until is None or stop <= until:
            _grow(the_log(), stop)
            _sign(the_log(), stop)
            years.keep_ended(log.tiles.directory, periods, stop)


def _grow(log: Log, size: int) -> None:
    log.tiles.reload()
    start = log.tiles.size
    entries = Act.objects.filter(log_entry__index__gte=start, log_entry__index__lt=size).order_by("log_entry__index")
    waiting = [bytes(entry) for entry in entries.values_list("entry", flat=True)]
    if waiting:
        log.tiles.append(waiting, at=start)


def _sign(log: Log, size: int) -> None:
    if Checkpoint.objects.filter(size=size).exists():
        return
    keys = years.signers(log.tiles.directory, size) or [log.keys]
    root = log.tiles.root(size)
    note = sign_checkpoint(Signed(keys[0].name, size, root), chain.from_iterable(keys))
    Checkpoint.objects.create(size=size, root=root, note=note.decode(), at=moment.now())
    log.tiles.publish(note, former=years.former(log.tiles.directory))
