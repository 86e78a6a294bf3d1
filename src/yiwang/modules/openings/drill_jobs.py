"""What happens by time in drills: the report on a drill that is over."""

from __future__ import annotations

from datetime import datetime

from yiwang.modules.openings import drill_acts, selectors


def report_drills(now: datetime) -> int:
    """Report every drill that is over; how many that were."""
    numbers = selectors.drills_to_report(now)
    for number in numbers:
        drill_acts.report(drill=number)
    return len(numbers)
