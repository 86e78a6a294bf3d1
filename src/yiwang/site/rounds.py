"""The worker's loop: integrate the outbox into the log, do what is due, wait for news."""

from __future__ import annotations

import logging
import signal
import time
from types import FrameType

import psycopg
from django.db import InterfaceError, OperationalError, close_old_connections

from yiwang.kernel import moment
from yiwang.modules.evidence.sequencer import sequence_once
from yiwang.runtime.database import database_url
from yiwang.site.due import run_due

_log = logging.getLogger(__name__)
_CHANNEL = "evidence"
_PAUSE = 1.0
"""Longest time in seconds between two rounds; a notification on the channel ends it early."""
_STAND_BY = 2.0


class Worker:
    """Does rounds until SIGTERM or SIGINT. An advisory lock lets one worker of an installation work at a time."""

    def __init__(self) -> None:
        self.ending = False

    def run(self, *, once: bool = False) -> None:
        """Work until told to end; reconnect when the database goes away. ``once`` does a single round."""
        for sent in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sent, self._end)
        wait = 0.5
        while not self.ending:
            try:
                with psycopg.connect(database_url(), autocommit=True, connect_timeout=5) as link:
                    wait = 0.5
                    self._work(link, once=once)
                if once:
                    return
            except (psycopg.OperationalError, OperationalError, InterfaceError) as error:
                if once:
                    raise
                _log.warning("the database is away (%s); trying again in %g s", type(error).__name__, wait)
                self._sleep(wait)
                wait = min(wait * 2, 10.0)

    def round(self) -> int:
        """Integrate waiting evidence and do what is due; the number of both together."""
        close_old_connections()
        return sequence_once() + run_due(moment.now())

    def _work(self, link: psycopg.Connection, *, once: bool) -> None:
        while not self._alone(link):
            if once or self.ending:
                return
            self._sleep(_STAND_BY)
        link.execute(f"LISTEN {_CHANNEL}")
        while not self.ending:
            self.round()
            if once:
                return
            self._wait(link)

    def _wait(self, link: psycopg.Connection) -> None:
        """Wait for a notification, at most :data:`_PAUSE` seconds, looking now and then whether we are to end."""
        end = time.monotonic() + _PAUSE
        while not self.ending and time.monotonic() < end:
            for _ in link.notifies(timeout=0.25, stop_after=1):
                return

    def _alone(self, link: psycopg.Connection) -> bool:
        row = link.execute("SELECT pg_try_advisory_lock(hashtext('yiwang.worker'))").fetchone()
        return bool(row and row[0])

    def _sleep(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self.ending and time.monotonic() < end:
            time.sleep(0.1)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.ending = True
