"""What happens by time in openings: closing."""

from __future__ import annotations

import logging
from datetime import datetime

from yiwang.kernel.errors import Refused
from yiwang.modules.openings import acts, selectors

log = logging.getLogger(__name__)


def close_due(now: datetime) -> int:
    """Close every tender whose deadline has come; one that may not close yet (open objection) is tried again later."""
    done = 0
    for number in selectors.due_to_close(now):
        try:
            acts.close(tender=number)
            done += 1
        except Refused as refusal:
            log.info("%s does not close yet: %s", number, refusal)
    return done
