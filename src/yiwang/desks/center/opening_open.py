"""Open all bids with the released keys."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import acts
from yiwang.modules.openings import selectors as openings
from yiwang.ui.shapes import Fact


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Open."""
    return acts.open_bids(actor=actor, tender=number, **extra)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """What is about to be opened; how many bids it is, nobody is told before."""
    found = openings.opening(tender)
    released = openings.custodians(tender).exclude(identity="").count()
    if found is None:
        return {}
    facts = [
        Fact(Text("截止时间", "Closed"), found.closed_at, "when"),
        Fact(
            Text("已公布密钥", "Keys released"),
            Text(f"{released} 位，须 {tender.custody_threshold} 位", f"{released}, {tender.custody_threshold} needed"),
        ),
        Fact(Text("投标承诺根", "Root of commitments"), found.bids_root, "hash"),
    ]
    return {"facts": facts}


register(
    Screen(
        "opening.open",
        perform,
        preview="desks/facts_card.html",
        context=context,
        intro=Text(
            "全部投标用保管人公布的密钥一起打开，当众宣布投标人和报价。打不开的投标会列明原因和责任，不影响其他投标。",
            "All bids open together with the released keys; tenderers and prices are announced. "
            "A bid that does not open is listed with the cause and holds up no other.",
        ),
        final=True,
    )
)
