"""Each way in which our result and the record may differ has its own name and reason."""

from __future__ import annotations

from datetime import date

import pytest

from yiwang.demo.replay.judge import CLASSES, Outcome, judge
from yiwang.demo.replay.table import Auction, RecordedBid


def recorded(*bids: RecordedBid, ceiling: int = 1000, minimum: int = 700) -> Auction:
    return Auction("1", 2, "road", date(2010, 5, 10), ceiling, minimum, list(bids))


def bid(name: str, price: int, **more: object) -> RecordedBid:
    return RecordedBid(2, name, name, price, **more)  # type: ignore[arg-type]


A, B, C = bid("a", 800, won=True), bid("b", 810), bid("c", 820)


@pytest.mark.parametrize(
    ("auction", "outcome", "kind"),
    [
        (recorded(A, B, C), Outcome("archived", "a", 800), "agree"),
        (recorded(A, B, C), Outcome("archived", "b", 810), "differs"),
        (recorded(A, B), Outcome("failed"), "too_few_bids"),
        (recorded(bid("a", 600), bid("b", 610), bid("c", 620)), Outcome("failed"), "all_rejected"),
        (recorded(bid("a", 800), B, C), Outcome("archived", "a", 800), "no_recorded_winner"),
        (recorded(A, bid("b", 810, won=True), C), Outcome("archived", "a", 800), "several_recorded_winners"),
        (recorded(A, bid("b", 800), C), Outcome("archived", "b", 800, ("a", "b")), "tie"),
        (recorded(bid("a", 790, excluded=True), bid("b", 810, won=True), C), Outcome("archived", "a", 790), "recorded_exclusion"),
        (recorded(bid("a", 790), bid("b", 810, won=True), C), Outcome("archived", "a", 790), "differs"),
        (recorded(bid("a", 690, won=True, below_minimum=True), B, C), Outcome("archived", "b", 810), "recorded_out_of_bounds"),
    ],
)  # fmt: skip
def test_class(auction: Auction, outcome: Outcome, kind: str) -> None:
    found = judge(auction, outcome)
    assert found.kind == kind
    assert kind in CLASSES
    assert kind == "agree" or (found.why.zh and found.why.en)


def test_a_tie_among_others_than_the_recorded_winner_is_no_excuse() -> None:
    auction = recorded(bid("a", 790), bid("b", 790), bid("c", 820, won=True))
    assert judge(auction, Outcome("archived", "a", 790, ("a", "b"))).kind == "differs"
