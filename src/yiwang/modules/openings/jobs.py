"""What happens by time in openings: closing, failing when the grace brought too few bids, ending a second envelope with its first."""

from __future__ import annotations

import logging
from datetime import datetime

from yiwang.kernel.errors import Refused
from yiwang.modules.openings import acts, following, grace, selectors

log = logging.getLogger(__name__)


def close_due(now: datetime) -> int:
    """Close every tender whose deadline has come; one that may not close yet (open objection) is tried again later. Those
    whose grace is over with too few bids fail; second envelopes end with their first.
    """
    done = 0
    for number in selectors.due_to_close(now):
        try:
            acts.close(tender=number)
            done += 1
        except Refused as refusal:
            log.info("%s does not close yet: %s", number, refusal)
    return done + grace.fail_due(now) + following.end_due(now)
