"""Who reads the stretches of the log: this process, or several, all in the snapshot that the audit reads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from yiwang.modules.evidence import audit_range, audit_read
from yiwang.modules.evidence.audit_range import MOST, Place, Worker
from yiwang.modules.evidence.audit_read import Around
from yiwang.modules.evidence.finding import Finding
from yiwang.modules.evidence.sequencer import Log
from yiwang.tlog.reader import TileReader

Stretch = tuple[int, int]

WORTH = 4 * audit_range.BLOCK
"""Entries from which on a second process is worth its start."""


def stretches(log: Log, due: list[Stretch], processes: int | None) -> Iterator[tuple[Stretch, list[Finding]]]:
    """The findings of each stretch, in their order.

    Args:
        processes: how many read; None: one for each core, at most four, when there is enough to read.
    """
    count = _processes(due) if processes is None else processes
    if count > 1 and len(due) > 1 and not _nested():
        yield from _together(log, due, count)
    else:
        yield from _here(log, due)


def waiting() -> Iterator[Finding]:
    """Acts that wait for their place: they have no entry in the log yet, but must agree with themselves."""
    key, around = audit_range.key_beside(Path(settings.LOG_FOLDER)), Around(_link())
    for rows in audit_read.waiting(_link()):
        around.know(rows)
        for row in rows:
            yield from audit_range.act(row, around, key)


def chains(log: Log, subjects: list[str]) -> Iterator[Finding]:
    """All acts of some chains against their entries in the log."""
    entries, around = TileReader(log.tiles.directory, log.tiles.size), Around(_link())
    key = audit_range.key_beside(log.tiles.directory)
    for rows in audit_read.chains(_link(), subjects):
        around.know(rows)
        for row in rows:
            index = row.index or 0
            logged = entries.entry(index) if index < entries.size else None
            yield from islice(audit_range.placed(row, logged, around, key), MOST)


def _processes(due: list[Stretch]) -> int:
    return min(os.cpu_count() or 1, 4) if sum(stop - start for start, stop in due) >= WORTH else 1


def _nested() -> bool:
    """Whether what we read was written in this very transaction (a test's), so that no other process sees it."""
    return len(connection.savepoint_ids) > 0


def _link() -> Any:
    """The driver's own connection, in the transaction of the audit."""
    connection.ensure_connection()
    return connection.connection


def _together(log: Log, due: list[Stretch], count: int) -> Iterator[tuple[Stretch, list[Finding]]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
    known = connection.get_connection_params()
    database = {name: known[name] for name in ("host", "port", "user", "password", "dbname") if known.get(name)}
    place = Place(database, snapshot, log.tiles.directory, log.tiles.size)
    done = 0
    with ProcessPoolExecutor(count, get_context("spawn"), Worker.begin, (place,)) as pool:
        try:
            for each in zip(due, pool.map(audit_range.work, due), strict=True):
                yield each
                done += 1
        except BrokenProcessPool:  # one of them was killed: what is left is done here
            yield from _here(log, due[done:])
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _here(log: Log, due: list[Stretch]) -> Iterator[tuple[Stretch, list[Finding]]]:
    reader = TileReader(log.tiles.directory, log.tiles.size)
    for start, stop in due:
        yield (start, stop), audit_range.check(_link(), reader, start, stop)
