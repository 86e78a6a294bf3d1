"""Writes of evidence without legal effect: notifications read."""

from __future__ import annotations

from yiwang.kernel import moment
from yiwang.modules.evidence import selectors
from yiwang.modules.evidence.actors import Actor


def mark_read(actor: Actor, notification: int | None = None) -> int:
    """Mark one of the actor's notifications, or all of them, as read; gives how many were unread."""
    unread = selectors.notifications(actor).filter(read_at=None)
    if notification is not None:
        unread = unread.filter(pk=notification)
    return unread.update(read_at=moment.now())
