"""The worker's part: let checkpoints fall due, and write them in a thread of its own, so that a slow chain delays nobody."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections

from yiwang.anchor.errors import AnchorError
from yiwang.anchor.push import compare, push_all
from yiwang.anchor.queue import Queue
from yiwang.anchor.setup import Setup
from yiwang.kernel import moment
from yiwang.modules.evidence import witnessing
from yiwang.modules.evidence.sequencer import the_log
from yiwang.tlog.checkpoint import unverified
from yiwang.tlog.errors import KeyFileError

_log = logging.getLogger(__name__)
_LOOK = timedelta(seconds=10)
_looked: list[datetime] = []
_writing = threading.Lock()


@cache
def _setup() -> Setup:
    return Setup.read(Path(settings.DATA))


@cache
def _queue() -> Queue:
    return _setup().queue()


def anchor_due(now: datetime) -> int:
    """A source of the worker: every ten seconds, look whether something is to be written. It does no acts: gives 0."""
    if not _setup().url or (_looked and now - _looked[-1] < _LOOK):
        return 0
    _looked[:] = [now]
    let_fall_due(_queue(), _setup().every, now)
    pause = _queue().pause()
    if _queue().pending() and (pause is None or pause.until <= now) and not _writing.locked():
        threading.Thread(target=_write, name="anchor", daemon=True).start()
    return 0


def let_fall_due(queue: Queue, every: int, now: datetime) -> bool:
    """Let the newest checkpoint (with witnesses: the newest that they cosigned) fall due, when it is time for one.

    Args:
        every: seconds since the last one; 0: at once.
    """
    seen, last = witnessing.latest(), queue.newest()
    if seen is None:
        return False
    origin = unverified(seen.note.encode()).origin
    if last is not None and (last[:2] == (origin, seen.size) or now - last[2] < timedelta(seconds=every)):
        return False
    return queue.add(origin, seen.size, seen.root, now)


def root_at(origin: str, size: int) -> bytes | None:
    """Our own log's root at a size; None when it never was that large."""
    tiles = the_log().tiles
    tiles.reload()
    return tiles.root(size) if size <= tiles.size else None


def _write() -> None:
    if not _writing.acquire(blocking=False):
        return
    try:
        chain = _setup().chain(writing=True)
        push_all(_queue(), chain)
        last = _queue().newest()
        for alarm in compare(chain, last[0], root_at) if last else []:
            _log.critical("ALARM: the chain's record of %s at size %d is not that of this log", alarm.origin, alarm.size)
    except (AnchorError, KeyFileError) as error:
        if isinstance(error, KeyFileError):
            _queue().failed(str(error), moment.now())
        _log.warning("anchoring: %s", error)
    finally:
        close_old_connections()
        _writing.release()
