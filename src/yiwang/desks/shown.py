"""How legal things are shown on every desk: the pill of a state, rows of bids, candidates, acts."""

from __future__ import annotations

from typing import Any

from yiwang.modules.evidence import registry
from yiwang.ui.shapes import Tag, TagKind

KINDS: dict[str, TagKind] = {
    "draft": "neutral",
    "tendering": "open",
    "closed": "wait",
    "opened": "wait",
    "evaluating": "wait",
    "evaluated": "wait",
    "publicity": "open",
    "awarded": "final",
    "contracted": "good",
    "archived": "neutral",
    "failed": "stopped",
    "terminated": "stopped",
}


def state_tag(tender: Any) -> Tag:
    """The pill that says a tender's state."""
    return Tag(registry.TABLES["tender"].states[tender.state].name, KINDS[tender.state])
