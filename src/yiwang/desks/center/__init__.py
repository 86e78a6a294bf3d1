"""Screens of the audience: center. Opening and draw are shared with host and supervisor."""

from yiwang.desks.center import (
    draw_commit,
    draw_freeze_list,
    draw_reveal,
    draw_seat,
    opening_confirm,
    opening_open,
    tender_archive,
)

__all__ = [
    "draw_commit",
    "draw_freeze_list",
    "draw_reveal",
    "draw_seat",
    "opening_confirm",
    "opening_open",
    "tender_archive",
]
"""Importing them registers their screens."""
