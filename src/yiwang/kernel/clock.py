"""The statutory clock: rules (law/clock.yaml), counting, checking, a procedure's timeline. One place to import from."""

from yiwang.kernel.calendar import Calendar, NoArrangement
from yiwang.kernel.clock_book import ClockBook, Law, Rule
from yiwang.kernel.clock_check import check, earliest_after
from yiwang.kernel.clock_count import Due, Pause, Stopped, count, day_of, end_of
from yiwang.kernel.clock_words import shown, shown_day
from yiwang.kernel.timeline import Step, propose_deadline, timeline

__all__ = [
    "Calendar",
    "ClockBook",
    "Due",
    "Law",
    "NoArrangement",
    "Pause",
    "Rule",
    "Step",
    "Stopped",
    "check",
    "count",
    "day_of",
    "earliest_after",
    "end_of",
    "propose_deadline",
    "shown",
    "shown_day",
    "timeline",
]
