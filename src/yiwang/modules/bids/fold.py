"""What follows from a tender's acts of bids, one after the other: which bid stands. Pages, opening and audit use it alike."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

COMMITTED, SUBMITTED, REPLACED, WITHDRAWN = "committed", "submitted", "replaced", "withdrawn"
ALIVE = (COMMITTED, SUBMITTED)
"""Standings of bids that were neither replaced nor withdrawn: bytes still missing, or all there."""

BEGIN, ARRIVE = ("bid.submit", "bid.commit"), ("bid.submit", "bid.deliver")
"""Acts that begin a bid's chain; acts by which its bytes are there."""


@dataclass(frozen=True, slots=True)
class Told:
    """An act of a bid: its name, the bid's chain, and of acts that begin a chain the lot and whose bid it is."""

    act: str
    chain: str
    place: Hashable = None


def fold(acts: Iterable[Told]) -> dict[str, str]:
    """The standing of each bid by its chain, in the order in which they were begun.

    A bid whose bytes have come replaces what the same tenderer began before it for the same lot, delivered or not. Until
    then the earlier one stands, so a replacement that is never finished costs nothing. A withdrawal takes back all that
    the tenderer has for the lot: nothing of hers is opened then.
    """
    standing: dict[str, str] = {}
    of_place: dict[Hashable, list[str]] = {}
    places: dict[str, Hashable] = {}
    for told in acts:
        if told.act in BEGIN:
            standing[told.chain], places[told.chain] = COMMITTED, told.place
            of_place.setdefault(told.place, []).append(told.chain)
        rivals = of_place.get(places.get(told.chain), [])
        if told.act in ARRIVE and standing.get(told.chain) == COMMITTED:
            _settle(standing, rivals[: rivals.index(told.chain)], REPLACED)
            standing[told.chain] = SUBMITTED
        elif told.act == "bid.withdraw":
            _settle(standing, rivals, WITHDRAWN)
    return standing


def _settle(standing: dict[str, str], chains: Iterable[str], to: str) -> None:
    standing.update((chain, to) for chain in chains if standing[chain] in ALIVE)
