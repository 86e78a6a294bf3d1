"""The nightly audit: the worker starts it once a night as a process of its own, and tells of what it found.

It runs by the machine's clock, not the demo's: what it looks for is what happens to disks and databases. The process has
the lowest priority, and the log's sequencer never waits for it.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from yiwang.kernel import moment
from yiwang.kernel.moment import LOCAL
from yiwang.modules.evidence import audit_report, audit_results
from yiwang.modules.parties import cert_acts, cert_trust, erasing
from yiwang.runtime.database import django_settings
from yiwang.runtime.parent import follow

_log = logging.getLogger(__name__)


class Nightly:
    """Remembers the process that is under way. Ask it once a second or so."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.night = ""

    def __call__(self, now: datetime) -> int:
        """Start the audit when its hour has come, look whether it has ended; the number of acts done (a report).

        Args:
            now: not used: see the module's text.
        """
        if self.process is not None:
            return self._look()
        night = due(datetime.now(UTC))
        if night and night != self.night and not _done(night) and _ours():
            self.night = night
            self._start()
        return 0

    def _start(self) -> None:
        ourselves = os.getpid()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "yiwang.cli", "audit", "--json", "--night", self.night],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=lambda: _behind(ourselves),  # noqa: PLW1509 (system calls only, no lock is taken)
        )

    def _look(self) -> int:
        """Whether the process has ended; what it found goes into the log, and so to the supervisor."""
        assert self.process is not None  # only called while there is one
        code = self.process.poll()
        if code is None:
            return 0
        self.process = None
        result = next((each for each in audit_results.results(1) if each.night == self.night), None)
        if result is None:
            _log.error("the nightly audit ended without a result (exit code %s); it runs again tomorrow", code)
            return 0
        return audit_report.report(result)


TIDY_HOUR = 3
"""Hour in which is tidied up where the center runs no nightly audit."""


class Tidy:
    """Once a night: erases what is too old to be kept, ends certificates that their authorities revoked."""

    def __init__(self) -> None:
        self.night = ""

    def __call__(self, now: datetime) -> int:
        """Do it when its hour has come, by the machine's clock; the number of acts done."""
        local = _machine().astimezone(LOCAL)
        hour = TIDY_HOUR if settings.AUDIT_HOUR is None else settings.AUDIT_HOUR
        if local.hour != hour or self.night == local.date().isoformat():
            return 0
        self.night = local.date().isoformat()
        erased = erasing.erase_due()
        _log.info("erased as too old: %s", ", ".join(f"{name} {count}" for name, count in erased.items()))
        cert_trust.prepare()
        return cert_acts.revoke_listed(moment.now())


def _machine() -> datetime:
    return datetime.now(UTC)


def due(now: datetime) -> str:
    """The night (a local date) whose hour has come at ``now``; '' at other hours, or when there is no hour."""
    local = now.astimezone(LOCAL)
    hour = settings.AUDIT_HOUR
    return local.date().isoformat() if hour is not None and local.hour == hour else ""


def _done(night: str) -> bool:
    """Whether the night had its audit, by this worker or by one before it."""
    return any(each.night == night for each in audit_results.results(10))


def _ours() -> bool:
    """Whether another process finds the database that this one works on; in a test's it would not."""
    return bool(connection.settings_dict["NAME"] == django_settings(Path(settings.DATA))["NAME"])


def _behind(parent: int) -> None:
    """To be done in the child: end with the worker, and let everything else go first."""
    follow(parent)
    os.nice(19)


nightly = Nightly()
tidy = Tidy()
