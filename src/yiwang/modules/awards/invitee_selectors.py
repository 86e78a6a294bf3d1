"""Reads of the draw of invitees: secret until the bids are opened, as who was invited is (招标投标法 第22条)."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.invitees import invitee_law
from yiwang.modules.awards.invitee_models import InviteeDraw
from yiwang.modules.awards.invitee_rules import applies, draw_of
from yiwang.modules.evidence.actors import Actor, has_role

__all__ = ["applies", "shown", "ways_for"]

SECRET = ("draft", "tendering", "closed", "failed", "terminated")
"""States in which only who runs or watches the tender knows the list."""


def shown(actor: Actor, tender: Any) -> InviteeDraw | None:
    """The list and the draw: for host, center and supervisor at once, for everybody from the opening."""
    host = has_role("buyer", actor, tender) or has_role("agency", actor, tender)
    opened = tender.state not in SECRET or getattr(getattr(tender, "opening", None), "opened_at", None) is not None
    return draw_of(tender) if opened or host or actor.duty in ("center", "supervisor", "admin") else None


def ways_for(tender: Any) -> dict[str, Any]:
    """The ways that are open to this tender: after a prequalification its list, else the others."""
    return {code: way for code, way in invitee_law().ways.items() if way.earlier == bool(tender.stage_of_id)}
