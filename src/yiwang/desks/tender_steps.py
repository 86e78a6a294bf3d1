"""What the reader can do with a tender now, what not and why: the boxes at the top of its desk page."""

from __future__ import annotations

from typing import Any

from yiwang.desks import bounds, work
from yiwang.desks.screens import SCREENS, url_of
from yiwang.desks.wording import capital
from yiwang.kernel import moment
from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Transition
from yiwang.modules.evidence import course, permits
from yiwang.modules.evidence.actors import Actor
from yiwang.ui.formats import when_text
from yiwang.ui.shapes import Blocked, Link, Possible

NO_CONCERN = {"coefficient.none", "award.ranked", "award.no_lots", "price.nothing", "price.none", "sheet.final", "draw.nobody"}
"""Codes of reasons that only say that an act does not concern this tender, or nobody needs it now: no use to explain."""


def boxes(actor: Actor, tender: Any) -> dict[str, Any]:
    """``next_steps``, ``why_nots`` and ``other_steps`` of a desk page."""
    asked, others, blocked = [], [], []
    for step in permits.steps(actor, tender, moment.now()):
        row = step.row
        if not step.verdict and any(reason.code in NO_CONCERN for reason in step.verdict.reasons):
            continue
        if not step.verdict:
            blocked.append((not course.possible(row, tender), Blocked(capital(row.name), step.verdict.reasons)))
        elif row.act in SCREENS and work.is_asked(row, tender):
            asked.append(_possible(tender, row))
        elif row.act in SCREENS:
            others.append(Link(capital(row.name), url_of(row.act, tender.number)))
    why_nots = [each for _, each in sorted(blocked, key=lambda pair: pair[0])]
    return {"next_steps": asked, "why_nots": why_nots, "other_steps": others}


def _possible(tender: Any, row: Transition) -> Possible:
    until = bounds.until(tender, row.act)
    over = until is not None and until < moment.now()
    note = (
        Text(
            f"法定期限 {when_text(until)} 已过，请尽快办理",
            f"The lawful time ended {when_text(until)}; please do it soon",
        )
        if over and until
        else ""
    )
    return Possible(
        capital(row.name), url_of(row.act, tender.number), None if over else until, note, "；".join(row.articles)
    )
