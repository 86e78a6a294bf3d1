"""A timed auction (限时竞价): prices rise, and each bid that counts starts the period anew; the last one wins.

Whoever has the list of bids with their moments can recompute end and winner; ``yiwang law evaluate`` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from yiwang.kernel.errors import bad
from yiwang.kernel.moment import stamp
from yiwang.kernel.text import Text

LATE = Text("晚于限时", "after the period had ended")
LOW = Text("没有达到当前价加最小加价", "not the price so far and the smallest step")


@dataclass(frozen=True, slots=True)
class Offer:
    """One bid: who, price in fen, and when the platform had it."""

    bidder: str
    price: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What became of an offer: why it does not count (None: it counts), and when the auction ends after it."""

    offer: Offer
    refused: Text | None
    ends: datetime


def run(start: datetime, period: timedelta, offers: Iterable[Offer], *, least: int, step: int) -> list[Told]:
    """Go through the offers in their order.

    Args:
        start: when the first period begins. period: how long nobody may bid until it is over.
        offers: as the platform took them in. least: starting price, fen. step: smallest rise over a bid that counts, fen.
    """
    ends, wanted, told = start + period, least, list[Told]()
    for offer in offers:
        refused = LATE if offer.at >= ends else LOW if offer.price < wanted else None
        if refused is None:
            ends, wanted = offer.at + period, offer.price + step
        told.append(Told(offer, refused, ends))
    return told


def evaluate_json(data: Mapping[str, Any]) -> dict[str, Any]:
    """An auction as JSON: ``{"auction": {"start", "seconds", "least", "step"}, "bids": [{"bidder", "price", "at"}]}``.

    Prices are whole fen. The answer has each bid with ``counts``, ``why`` and ``ends``, and the winner with its price.

    Raises:
        BadInput: naming the field at fault.
    """
    terms = _fields(data.get("auction"), "auction", {"start": str, "seconds": int, "least": int, "step": int})
    for name in ("seconds", "step"):
        if terms[name] <= 0:
            raise bad(f"auction.{name}", "应大于零", "must be more than zero")
    bids = data.get("bids")
    if not isinstance(bids, list):
        raise bad("bids", "应是列表", "must be a list")
    offers = [_offer(each, f"bids.{place}") for place, each in enumerate(bids)]
    for place, (one, next_) in enumerate(pairwise(offers), 1):
        if next_.at < one.at:
            raise bad(f"bids.{place}.at", "早于前一个报价", "before the bid that stands ahead of it",
                      passes=Text("按收到的次序排列", "bids in the order in which they came"))
    start = _when(terms["start"], "auction.start")
    told = run(start, timedelta(seconds=terms["seconds"]), offers, least=terms["least"], step=terms["step"])
    counted = [each.offer for each in told if each.refused is None]
    return {
        "bids": [
            {"bidder": each.offer.bidder, "price": each.offer.price, "at": stamp(each.offer.at), "counts": each.refused is None,
             "why": {"zh": each.refused.zh, "en": each.refused.en} if each.refused else None, "ends": stamp(each.ends)}
            for each in told
        ],
        "ended": stamp(told[-1].ends if told else start + timedelta(seconds=terms["seconds"])),
        "winner": {"bidder": counted[-1].bidder, "price": counted[-1].price} if counted else None,
    }  # fmt: skip


def _offer(given: Any, field: str) -> Offer:
    found = _fields(given, field, {"bidder": str, "price": int, "at": str})
    if found["price"] <= 0:
        raise bad(f"{field}.price", "应大于零", "must be more than zero")
    return Offer(found["bidder"], found["price"], _when(found["at"], f"{field}.at"))


def _fields(given: Any, field: str, wanted: Mapping[str, type]) -> dict[str, Any]:
    if not isinstance(given, Mapping) or set(given) != set(wanted):
        names = "、".join(wanted)
        raise bad(field, f"应有且只有 {names}", f"must have {names.replace('、', ', ')} and nothing else")
    for name, kind in wanted.items():
        if not isinstance(given[name], kind) or isinstance(given[name], bool):
            raise bad(f"{field}.{name}", "类型不对", f"must be {'whole fen or seconds' if kind is int else 'text'}")
    return dict(given)


def _when(text: str, field: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise bad(field, f"“{text}”不是带时区的时间", f"“{text}” is no time with a zone",
                  passes=Text("例如 2026-09-07T10:00:00+08:00", "such as 2026-09-07T10:00:00+08:00"))
    return found
