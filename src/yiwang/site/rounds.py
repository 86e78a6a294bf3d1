"""The worker's loop: integrate the outbox into the log, do what is due, wait for news."""

from __future__ import annotations

import logging
import signal
import time
from types import FrameType

import psycopg
from django.db import InterfaceError, OperationalError, close_old_connections

from yiwang.kernel import moment
from yiwang.kernel.errors import YiwangError
from yiwang.modules.bids.cover import Stream
from yiwang.modules.evidence.witnessing import collect_once
from yiwang.runtime.database import database_url
from yiwang.site import programs
from yiwang.site.due import run_due

_log = logging.getLogger(__name__)
_CHANNEL = "evidence"
_PAUSE = 1.0
"""Longest time in seconds between two rounds; a notification on the channel, or a cover that is due, ends it early."""
_APART = 0.5
"""Shortest time in seconds between two rounds: while many act, more of them share a checkpoint, its signatures and its witnesses.
An act that comes alone is in the log at once."""
_DUE = 0.9
"""Shortest time in seconds between two looks at what is due by time: without news a round a second comes, and looks."""
_STAND_BY = 2.0
_AWAY = (1.0, 2.0, 4.0, 8.0)
"""Pauses in seconds between rounds to the witnesses while their quorum is missing: a round may take up to 2 s."""


class Worker:
    """Does rounds until SIGTERM or SIGINT. An advisory lock lets one worker of an installation work at a time."""

    def __init__(self) -> None:
        self.ending = False
        self._stream = Stream()
        self._failed = 0
        self._ask_again = self._look_again = 0.0

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
        """Integrate waiting evidence, have it cosigned and do what is due; how many acts were integrated or done."""
        close_old_connections()
        placed = self._stream.round(moment.now(), time.monotonic())
        self._witness()
        return placed + self._do_due()

    def _do_due(self) -> int:
        """Do what is due by time, about once a second, however quickly rounds follow each other; how many acts that were."""
        if not self._stream.settled or time.monotonic() < self._look_again:
            return 0
        self._look_again = time.monotonic() + _DUE
        return run_due(moment.now())

    def _witness(self) -> None:
        """Collect cosignatures; while there are too few, only after pauses that grow, lest they hold up the log."""
        if time.monotonic() < self._ask_again:
            return
        try:
            quorum = collect_once()
        except YiwangError:  # files and database do not fit together, say: the log goes on, what must wait waits
            _log.exception("the checkpoint could not be sent to the witnesses")
            quorum = False
        pause = 0.0 if quorum else _AWAY[min(self._failed, len(_AWAY) - 1)]
        self._failed = 0 if quorum else self._failed + 1
        self._ask_again = time.monotonic() + pause

    def _work(self, link: psycopg.Connection, *, once: bool) -> None:
        while not self._alone(link):
            if once or self.ending:
                return
            self._sleep(_STAND_BY)
        link.execute(f"LISTEN {_CHANNEL}")
        programs.publish()
        while not self.ending:
            began = time.monotonic()
            self.round()
            if once:
                return
            self._wait(link, began)

    def _wait(self, link: psycopg.Connection, began: float) -> None:
        """Wait for a notification, at most :data:`_PAUSE` seconds and at least until :data:`_APART` after the round began, looking
        now and then whether we are to end.
        """
        now = time.monotonic()
        end = now + self._stream.pause(_PAUSE, now)
        time.sleep(max(0.0, min(began + _APART, end) - now))
        while not self.ending and (left := end - time.monotonic()) > 0:
            for _ in link.notifies(timeout=min(0.25, left), stop_after=1):
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
