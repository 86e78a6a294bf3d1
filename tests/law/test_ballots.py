"""Votes of an award committee: X10, majorities and run-offs, ranking votes, ties; and what is drawn in public."""

import hashlib

import pytest

from yiwang.kernel.ballots import outcome
from yiwang.kernel.errors import BadInput
from yiwang.seal import draw, public_draw

PRICES = {"X": 300, "Y": 200, "Z": 100}
SEVEN = [["X"]] * 3 + [["Y"]] * 2 + [["Z"]] * 2


def rule(method: str, tie: str = "lots", rounds: int = 3) -> dict[str, object]:
    return {"method": method, "tie": tie, "rounds": rounds}


def test_x10_simple_majority_elects_x_and_absolute_majority_goes_to_a_run_off() -> None:
    assert outcome(rule("simple"), PRICES, [SEVEN]).winner == "X"
    first = outcome(rule("absolute"), PRICES, [SEVEN])
    assert (first.winner, first.again) == (None, ("X", "Y", "Z"))
    assert outcome(rule("absolute"), PRICES, [SEVEN, [["X"]] * 3 + [["Y"]] * 4]).winner == "Y"
    third = [["X"]] * 3 + [["Y"]] * 3 + [["Z"]]
    assert outcome(rule("absolute", rounds=2), PRICES, [SEVEN, third]).lots == ("X", "Y")
    assert outcome(rule("absolute", "price", 2), PRICES, [SEVEN, third]).winner == "Y"


@pytest.mark.parametrize(
    ("method", "ballots", "winner", "again", "lots"),
    [
        ("absolute", [["X"]] * 3 + [["Y"]] * 2, "X", (), ()),
        ("absolute", [["X"]] * 3 + [["Y"]] * 3 + [["Z"]], None, ("X", "Y"), ()),
        ("simple", [["X"]] * 2 + [["Y"]] * 2 + [["Z"]], None, ("X", "Y"), ()),
        ("ranking", [["X", "Y", "Z"], ["Y", "X", "Z"], ["Y", "Z", "X"]], "Y", (), ()),
        ("ranking", [["X", "Y", "Z"], ["Y", "X", "Z"]], None, (), ("X", "Y")),
        ("lots", [["X"]] * 3 + [["Y"]] * 2, None, (), ("X", "Y")),
        ("lots", [["X"]] * 3 + [["Y"]] * 2 + [["Z"]] * 2, None, (), ("X", "Y", "Z")),
    ],
)
def test_each_method_comes_to_a_winner_another_round_or_lots(method, ballots, winner, again, lots) -> None:
    found = outcome(rule(method), PRICES, [ballots])
    assert (found.winner, found.again, found.lots) == (winner, again, lots)


def test_a_draw_ends_what_votes_leave_equal() -> None:
    tied = [["X"]] * 3 + [["Y"]] * 3 + [["Z"]]
    assert outcome(rule("lots"), PRICES, [tied], ["Y", "X"]).winner == "Y"
    with pytest.raises(BadInput):
        outcome(rule("lots"), PRICES, [tied], ["Z", "X"])


@pytest.mark.parametrize(
    ("given", "rounds"),
    [
        ({"method": "coin", "tie": "lots", "rounds": 1}, []),
        ({"method": "simple", "tie": "lots", "rounds": 0}, []),
        ({"method": "simple", "tie": "lots", "rounds": 1, "colour": "red"}, []),
        (rule("simple"), [[["W"]]]),
        (rule("ranking"), [[["X", "Y"]]]),
        (rule("simple"), [SEVEN, SEVEN]),
    ],
)
def test_unsound_rules_and_ballots_are_refused(given, rounds) -> None:
    with pytest.raises(BadInput):
        outcome(given, PRICES, rounds)


def test_what_is_drawn_follows_from_shares_and_beacon_alone() -> None:
    fixed = public_draw.process("coefficient", "YW-1", ["host", "center"], choices=["0", "0.01", "0.02"], among=["b", "a"])
    shares = {"host": hashlib.sha256(b"1").hexdigest(), "center": hashlib.sha256(b"2").hexdigest()}
    beacon = hashlib.sha256(b"root").hexdigest()
    found = public_draw.result(fixed, shares, beacon)
    assert found == public_draw.result(dict(reversed(fixed.items())), dict(reversed(shares.items())), beacon)
    assert found["coefficient"] in fixed["choices"] and sorted(found["order"]) == ["a", "b"]
    others = {public_draw.result(fixed, shares, hashlib.sha256(bytes([n])).hexdigest())["coefficient"] for n in range(40)}
    assert others == set(fixed["choices"])
    with pytest.raises(ValueError, match="parties"):
        public_draw.result(fixed, {"host": shares["host"]}, beacon)
    state = public_draw.after({}, "commit", {"process": fixed, "party": "host", "commitment": draw.commitment(b"1" * 32)})
    assert not public_draw.committed(state) and not public_draw.done(state)
