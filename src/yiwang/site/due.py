"""Acts whose time has come: the worker asks every source about once a second."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from datetime import datetime

from yiwang.modules.bids import cover, uploads
from yiwang.modules.openings.drill_jobs import report_drills
from yiwang.modules.openings.jobs import close_due
from yiwang.modules.parties import reset_acts
from yiwang.site.nightly import nightly, tidy

SOURCES: list[Callable[[datetime], int]] = [close_due, report_drills, cover.disclose, uploads.tidy, reset_acts.carry_out_due, nightly, tidy]
"""Each does what is due at a moment, through the door, in transactions of its own, and says how many acts that were."""
if os.environ.get("YIWANG_ANCHOR_URL"):
    from yiwang.anchor.due import anchor_due

    SOURCES.append(anchor_due)

_log = logging.getLogger(__name__)


def run_due(now: datetime) -> int:
    """Do everything that is due at ``now`` (aware); the number of acts done.

    A source that fails is logged and does not keep the others waiting; it is asked again in the next round.
    """
    done = 0
    for source in SOURCES:
        try:
            done += source(now)
        except Exception:
            _log.exception("the source of due acts %s failed", getattr(source, "__qualname__", source))
    return done
