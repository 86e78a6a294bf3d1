"""What the reader can do with a tender now, what not and why: the boxes at the top of its desk page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.desks import bounds, work
from yiwang.desks.screens import SCREENS, url_of
from yiwang.kernel import moment
from yiwang.modules.evidence import permits
from yiwang.modules.evidence.actors import Actor
from yiwang.ui.shapes import Blocked, Link, Possible


def boxes(actor: Actor, tender: Any) -> dict[str, Any]:
    """``next_steps``, ``why_nots`` and ``other_steps`` of a desk page."""
    asked, others, blocked = [], [], []
    for step in permits.steps(actor, tender, moment.now()):
        row = step.row
        if not step.verdict:
            blocked.append((tender.state not in row.sources, Blocked(row.name, step.verdict.reasons)))
        elif row.act in SCREENS and work.is_asked(row, tender):
            asked.append(Possible(row.name, url_of(row.act, tender.number), _until(tender, row.act), article="；".join(row.articles)))
        elif row.act in SCREENS:
            others.append(Link(row.name, url_of(row.act, tender.number)))
    why_nots = [each for _, each in sorted(blocked, key=lambda pair: pair[0])]
    return {"next_steps": asked, "why_nots": why_nots, "other_steps": others}


def _until(tender: Any, act: str) -> datetime | None:
    return bounds.until(tender, act)
