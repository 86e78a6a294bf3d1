"""Which bid stands after which acts: every order that a tenderer can come by, and what holds in any order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.modules.bids.fold import ALIVE, COMMITTED, SUBMITTED, Told, fold


def standings(*acts: str) -> str:
    """``"commit A", "deliver A" ...`` of one tenderer and lot; gives the standings by name."""
    told = [Told(f"bid.{act.split()[0]}", act.split()[1], "place") for act in acts]
    return " ".join(f"{chain}:{standing}" for chain, standing in fold(told).items())


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        (("submit A",), "A:submitted"),
        (("commit A",), "A:committed"),
        (("commit A", "deliver A"), "A:submitted"),
        (("submit A", "submit B"), "A:replaced B:submitted"),
        (("submit A", "commit B"), "A:submitted B:committed"),
        (("submit A", "commit B", "deliver B"), "A:replaced B:submitted"),
        (("commit A", "submit B"), "A:replaced B:submitted"),
        (("commit A", "submit B", "deliver A"), "A:replaced B:submitted"),
        (("commit A", "commit B", "deliver B"), "A:replaced B:submitted"),
        (("commit A", "commit B", "deliver A"), "A:submitted B:committed"),
        (("commit A", "commit B", "deliver A", "deliver B"), "A:replaced B:submitted"),
        (("submit A", "commit B", "commit C", "deliver B"), "A:replaced B:submitted C:committed"),
        (("submit A", "commit B", "withdraw B"), "A:withdrawn B:withdrawn"),
        (("commit A", "withdraw A", "deliver A"), "A:withdrawn"),
        (("commit A", "withdraw A", "commit B", "deliver B"), "A:withdrawn B:submitted"),
    ],
)
def test_which_bid_stands(acts: tuple[str, ...], expected: str) -> None:
    assert standings(*acts) == expected


def test_other_tenderers_and_lots_are_left_alone() -> None:
    told = [Told("bid.submit", "A", ("1", "x")), Told("bid.submit", "B", ("1", "y")), Told("bid.submit", "C", ("2", "x"))]
    assert set(fold(told).values()) == {SUBMITTED}
    assert fold([*told, Told("bid.withdraw", "A")]) == {"A": "withdrawn", "B": SUBMITTED, "C": SUBMITTED}


ACTS = st.tuples(st.sampled_from(("submit", "commit", "deliver", "withdraw")), st.integers(0, 5), st.integers(0, 1))


@given(st.lists(ACTS, max_size=20))
def test_at_most_one_bid_of_a_place_stands_and_what_is_later_is_still_to_come(acts: list[tuple[str, int, int]]) -> None:
    told, place = [], {}
    for act, chain, where in acts:
        if (act in ("submit", "commit")) == (chain in place):
            continue  # a chain begins once, and before anything else
        place.setdefault(chain, where)
        told.append(Told(f"bid.{act}", str(chain), place[chain] if act in ("submit", "commit") else None))
    found = fold(told)
    for where in (0, 1):
        mine = [standing for chain, standing in found.items() if place[int(chain)] == where and standing in ALIVE]
        assert mine.count(SUBMITTED) <= 1
        assert not mine or set(mine[mine.index(SUBMITTED) + 1 :] if SUBMITTED in mine else mine) <= {COMMITTED}
    assert fold(told + told[:0]) == found
