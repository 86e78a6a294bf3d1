"""Bids before the opening. They stand in blind acts of the evidence alone: the table of bids has no row of them.

Lists of blind acts (:class:`.blind.Lists`): ``bids/<tender>`` has all that was done for a tender, in
order; ``bids/<tender>/<credit code>`` what one firm did.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from yiwang.modules.bids.fold import ARRIVE, BEGIN, Told, fold
from yiwang.modules.bids.models import CHAIN, Bid
from yiwang.modules.evidence import blind, vault


def lists(tender: str, uscc: str) -> blind.Lists:
    """Where the acts of a firm's bids for a tender are entered."""
    return blind.Lists(_all(tender), _own(tender, uscc))


def of_tender(tender: Any) -> list[Bid]:
    """Every bid that was handed in for a tender, in order, with its standing; not rows but what rows will be."""
    return _bids(tender, blind.listed(_all(tender.number)))


def mentions(tender: Any, envelope_sha256: str) -> bool:
    """Whether anybody has committed to an envelope, or handed it in, for a tender."""
    return blind.mentions(_all(tender.number), envelope_sha256)


def of_firm(tender: Any, organisation: Any) -> list[Bid]:
    """The same of one firm."""
    return _bids(tender, blind.owned(_own(tender.number, organisation.uscc)))


def tenders_of(organisation: Any, numbers: Iterable[str]) -> set[str]:
    """For which of these tenders the firm has handed in any bid."""
    names = {_own(number, organisation.uscc): number for number in numbers}
    return {names[each] for each in blind.begun(names)}


def unveil(tender: Any) -> None:
    """What was secret of the tender's bids is so no longer: fill in their acts, and write their rows."""
    acts = blind.listed(_all(tender.number))
    bids = _bids(tender, acts)
    blind.unveil(acts)
    Bid.objects.bulk_create(bids)
    for bid in bids:
        if bid.delivery or (bid.act and bid.act.act in ARRIVE):  # a hash that was only committed to may be of a file of another tender
            vault.release(bid.envelope_sha256)


def _all(tender: str) -> str:
    return f"bids/{tender}"


def _own(tender: str, uscc: str) -> str:
    return f"bids/{tender}/{uscc}"


def _bids(tender: Any, acts: list[blind.Act]) -> list[Bid]:
    lots = {lot.number: lot for lot in tender.lots.all()} if acts else {}
    bids: dict[str, Bid] = {}
    told = []
    for act in acts:
        place = None
        if act.act in BEGIN:
            facts = json.loads(bytes(act.canonical))["public"]
            place = facts["lot"], act.organisation_id
            bids[act.subject] = _bid(tender, lots[facts["lot"]], act, facts)
        elif act.act in ARRIVE:
            bids[act.subject].delivery = act
        told.append(Told(act.act, act.subject, place))
    for chain, standing in fold(told).items():
        bids[chain].standing = standing
    return list(bids.values())


def _bid(tender: Any, lot: Any, act: Any, facts: dict[str, Any]) -> Bid:
    kept = ("round", "envelope_sha256", "envelope_size", "manifest_sha256", "commit_salt", "commitment")
    return Bid(
        id=UUID(hex=act.subject.removeprefix(CHAIN)),
        tender=tender,
        lot=lot,
        tenderer_id=act.organisation_id,
        submitted_at=act.at,
        act=act,
        client=facts.get("client", ""),
        **{name: facts[name] for name in kept},
    )
