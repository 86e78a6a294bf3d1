"""Screens of the audience: supervisor. Commitments and shares of the draw stand in ``desks/center``."""

from yiwang.desks.supervisor import complaint_accept, complaint_decide, complaint_suspend

__all__ = ["complaint_accept", "complaint_decide", "complaint_suspend"]
"""Importing them registers their screens."""
