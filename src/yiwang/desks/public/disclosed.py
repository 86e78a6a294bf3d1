"""What everybody may read of the log: the acts of a tender, and the act at an index, if it is public."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from yiwang.modules.bids import selectors as bids
from yiwang.modules.evidence import disclosure
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.evidence.disclosure import Disclosure, Shown

BID, COVER, PROGRAMS = "bid/", "log.cover", "client.publish"


def of_tender(number: str) -> Disclosure:
    """The acts of a tender that everybody may read now, and the blind entries between them."""
    return disclosure.disclose(number, PUBLIC)


def at(index: int) -> Shown | None:
    """The act at a log index when it is public; None for a blind entry."""
    act = evidence.act_at(index)
    if act is not None and act.act in (COVER, PROGRAMS):  # a cover is blind until it is disclosed
        return Shown(act, index, private=False)
    number = _tender_of(act)
    if not number:
        return None
    return next((each for each in of_tender(number).shown if each.index == index), None)


def named(found: Disclosure, act: str) -> list[Shown]:
    """The disclosed acts of a name, in the order of the log."""
    return [each for each in found.shown if each.act.act == act]


def public_part(found: Disclosure, act: str) -> dict[str, Any]:
    """The public part of the newest disclosed act of a name; empty when there is none."""
    acts = named(found, act)
    return dict(acts[-1].content["public"]) if acts else {}


def bid_indexes(found: Disclosure) -> dict[str, int]:
    """Where the opened bids stand in the log, by their evidence subject."""
    return {each.act.subject: each.index for act in ("bid.submit", "bid.commit") for each in named(found, act)}


def _tender_of(act: Any) -> str:
    """The number of the tender that an act belongs to; of bids only those that were opened belong to one for us."""
    if act is None:
        return ""
    if act.tender is not None:
        return str(act.tender.number)
    if not act.subject.startswith(BID):
        return ""
    bid = bids.visible_to(PUBLIC).filter(pk=UUID(hex=act.subject.removeprefix(BID))).first()
    return bid.tender.number if bid else ""
