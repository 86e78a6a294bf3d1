"""Bids that are returned unopened: of two envelopes, the second of whoever did not pass the first.

Which those are, a module further down the house knows; it registers itself here. The keys of a tender open all its
sealed files alike, so the center keeps these closed by not opening them, and gives them to nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from yiwang.kernel.text import Text
from yiwang.modules.bids import services as bids
from yiwang.modules.bids.acts import bid_facts
from yiwang.seal.causes import Whose

Row = dict[str, Any]
Returner = Callable[[Any], Mapping[str, Text] | None]
_returners: list[Returner] = []

CAUSE = "not_admitted"


def returner(find: Returner) -> Returner:
    """Register who tells which tenderers' bids are opened: ``find(tender)`` gives None when all are, else the reasons of
    those that are not, by credit code.
    """
    _returners.append(find)
    return find


def reasons(tender: Any) -> dict[str, Text]:
    """Why bids are not opened, by the tenderer's credit code; empty when all are opened."""
    found: dict[str, Text] = {}
    for find in _returners:
        found |= find(tender) or {}
    return found


def give_back(tender: Any, why: Mapping[str, Text]) -> list[Row]:
    """Note the bids that stay closed, and give their rows of the opening record."""
    rows = []
    for bid in bids.standing(tender):
        reason = why.get(bid.tenderer.uscc)
        if reason is None:
            continue
        fault = {"cause": CAUSE, "whose": Whose.TENDERER.value, "zh": reason.zh, "en": reason.en}
        bids.give_back(bid, fault)
        rows.append({**bid_facts(bid), "bid": bid.chain, "tenderer_name": bid.tenderer.name, "price": None, "fault": fault})
    return rows
