"""A timed auction: the worked example X11, prices that are too low, and what is refused when typed."""

from __future__ import annotations

from typing import Any

import pytest

from yiwang.kernel.errors import BadInput
from yiwang.kernel.law_answers import law_evaluate

TERMS = {"start": "2026-09-07T10:00:00+08:00", "seconds": 300, "least": 1000_00, "step": 20_00}


def at(clock: str) -> str:
    return f"2026-09-07T{clock}+08:00"


def asked(*bids: tuple[str, int, str], **terms: Any) -> dict[str, Any]:
    given = [{"bidder": bidder, "price": price * 100, "at": at(clock)} for bidder, price, clock in bids]
    return law_evaluate({"auction": {**TERMS, **terms}, "bids": given})


def test_x11_any_bid_restarts_and_one_second_late_is_late() -> None:
    found = asked(("P", 1040, "10:03:10"), ("Q", 1060, "10:07:59"), ("P", 1080, "10:12:58"), ("Q", 1100, "10:17:59"))
    assert [row["counts"] for row in found["bids"]] == [True, True, True, False]
    assert [row["ends"][11:19] for row in found["bids"]] == ["02:08:10", "02:12:59", "02:17:58", "02:17:58"]
    assert found["winner"] == {"bidder": "P", "price": 1080_00}


def test_a_bid_below_the_step_neither_counts_nor_restarts() -> None:
    found = asked(("P", 1040, "10:01:00"), ("Q", 1059, "10:05:59"), ("Q", 1060, "10:06:00"))
    assert [row["counts"] for row in found["bids"]] == [True, False, False]
    assert found["winner"]["bidder"] == "P"
    assert asked()["winner"] is None


@pytest.mark.parametrize(
    ("change", "field"),
    [({"seconds": 0}, "auction.seconds"), ({"step": "1"}, "auction.step"), ({"start": "2026-09-07"}, "auction.start"), ({"more": 1}, "auction")],
)
def test_terms_that_are_refused(change: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        asked(**change)
    assert refused.value.reasons[0].field == field


def test_bids_stand_in_the_order_in_which_they_came() -> None:
    with pytest.raises(BadInput, match=r"ahead of it|前一个"):
        asked(("P", 1040, "10:02:00"), ("Q", 1060, "10:01:00"))
