"""Screens of the audience: center. Opening and draw are shared with host and supervisor."""

from yiwang.desks.center import (
    draw_carry,
    draw_commit,
    draw_forfeit,
    draw_freeze_list,
    draw_reveal,
    draw_seat,
    hall_advance,
    hall_answer,
    hall_incident,
    hall_pause,
    hall_postpone,
    opening_confirm,
    opening_open,
    public_draw,
    tender_archive,
)

__all__ = [
    "draw_carry",
    "draw_commit",
    "draw_forfeit",
    "draw_freeze_list",
    "draw_reveal",
    "draw_seat",
    "hall_advance",
    "hall_answer",
    "hall_incident",
    "hall_pause",
    "hall_postpone",
    "opening_confirm",
    "opening_open",
    "public_draw",
    "tender_archive",
]
"""Importing them registers their screens."""
