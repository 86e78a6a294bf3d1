"""Draws: recomputable by anyone, uniform, not steerable by who stays silent, and walked once."""

from __future__ import annotations

import hashlib
import hmac
import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.canonical import canonical
from yiwang.seal.draw import (
    FORCED,
    Candidate,
    Outcome,
    Reply,
    commitment,
    leaf,
    list_root,
    permutation,
    pick,
    seed,
    settle,
    walk,
)

ROOT, PROCESS = "11" * 32, "22" * 32
ORDER_OF_SEED_1 = [5, 0, 4, 3, 8, 2, 7, 6, 9, 1]
PICK_OF_SEED_1 = "0.98"
SHARES = {"buyer": "aa" * 32, "center": "bb" * 32, "supervisor": "cc" * 32}


def a_seed(number: int) -> bytes:
    return hashlib.sha256(number.to_bytes(4, "big")).digest()


def test_list_root_hides_names_and_fixes_the_list() -> None:
    leaves = [leaf(bytes([number]) * 32, name) for number, name in enumerate(("赵", "钱", "孙"))]
    assert leaves[1] == hashlib.sha256(b"\x01" * 32 + "钱".encode()).hexdigest()
    assert leaf(bytes(32), "赵") != leaf(b"\x01" * 32, "赵")
    assert list_root(leaves) == list_root(leaves[::-1])
    assert list_root(leaves) != list_root(leaves[:2])


def test_shares_that_are_not_revealed_are_forced() -> None:
    commitments = {party: commitment(bytes.fromhex(share)) for party, share in SHARES.items()}
    assert settle(commitments, SHARES) == (SHARES, ())
    for bad in ({}, {"center": "bd" * 32}, {"center": "BB" * 32}, {"center": "no hex"}, {"center": ""}):
        rest = {party: share for party, share in SHARES.items() if party != "center"}
        assert settle(commitments, {**rest, **bad}) == ({**SHARES, "center": FORCED}, ("center",))
    assert settle(commitments, {**SHARES, "stranger": "dd" * 32}) == (SHARES, ())


def test_seed_is_recomputable_by_hand() -> None:
    parts = {"version": "permutation/v1", "list": ROOT, "process": PROCESS, "shares": SHARES, "beacon": "b", "more": {}}
    found = seed(version="permutation/v1", list_root=ROOT, process=PROCESS, shares=SHARES, beacon="b")
    assert found == hashlib.sha256(b"draw/v1\n" + canonical(parts)).digest()


def test_every_part_of_the_seed_counts() -> None:
    base = {"version": "v", "list_root": ROOT, "process": PROCESS, "shares": SHARES, "beacon": "b", "more": {}}
    changes = [
        {},
        {"version": "w"},
        {"list_root": PROCESS},
        {"process": ROOT},
        {"shares": {**SHARES, "center": FORCED}},
        {"beacon": "c"},
        {"more": {"vrf": "00"}},
    ]
    assert len({seed(**{**base, **change}) for change in changes}) == len(changes)  # type: ignore[arg-type]
    for wrong in ({"list_root": "x"}, {"process": ""}, {"shares": {}}, {"shares": {"a": "00"}}, {"beacon": ""}):
        with pytest.raises(ValueError):
            seed(**{**base, **wrong})  # type: ignore[arg-type]


def plain_permutation(count: int, key_seed: bytes) -> list[int]:
    """The same draw written down again from the standard, without our generator."""
    key, value = bytes(32), b"\x01" * 32

    def mac(data: bytes) -> bytes:
        return hmac.digest(key, data, "sha256")

    def update(data: bytes) -> None:
        nonlocal key, value
        key = mac(value + b"\x00" + data)
        value = mac(value)
        if data:
            key = mac(value + b"\x01" + data)
            value = mac(value)

    update(key_seed + b"yiwang/permutation/v1")
    order = list(range(count))
    for place in reversed(range(1, count)):
        bound = place + 1
        number = 2**64
        while number >= 2**64 // bound * bound:
            value = mac(value)
            number = int.from_bytes(value[:8], "big")
            update(b"")
        other = number % bound
        order[place], order[other] = order[other], order[place]
    return order


@given(st.integers(0, 60), st.binary(min_size=32, max_size=32))
def test_draw_recomputes(count: int, key_seed: bytes) -> None:
    order = permutation(count, key_seed)
    assert order == plain_permutation(count, key_seed)
    assert sorted(order) == list(range(count))


def test_order_never_changes_between_versions() -> None:
    assert permutation(10, a_seed(1)) == ORDER_OF_SEED_1
    assert pick(a_seed(1), ["0.95", "0.96", "0.97", "0.98"]) == PICK_OF_SEED_1


def test_permutations_are_uniform() -> None:
    # 24 orders of 4, expected 250 each; chi-square with 23 degrees of freedom exceeds 49.7 once in a thousand.
    counts = Counter(tuple(permutation(4, a_seed(number))) for number in range(6000))
    assert set(counts) == set(itertools.permutations(range(4)))
    assert sum((count - 250) ** 2 / 250 for count in counts.values()) < 49.7


def test_places_are_uniform() -> None:
    # Who of 12 comes first; 11 degrees of freedom: 31.3 once in a thousand.
    counts = Counter(permutation(12, a_seed(number))[0] for number in range(2400))
    assert sum((counts[name] - 200) ** 2 / 200 for name in range(12)) < 31.3


def test_pick_is_uniform() -> None:
    counts = Counter(pick(a_seed(number), "abcde") for number in range(5000))
    assert sum((counts[choice] - 1000) ** 2 / 1000 for choice in "abcde") < 18.5
    with pytest.raises(ValueError):
        pick(a_seed(0), [])


def people(*pairs: str) -> list[Candidate]:
    return [Candidate(pair.split(":")[0], tuple(pair.split(":")[1].split(","))) for pair in pairs]


ORDER = people("a:civil", "b:cost", "c:civil", "d:civil", "e:cost,civil", "f:law", "g:cost")
QUOTAS = {"civil": 2, "cost": 1}


def test_first_callers_are_the_first_in_order() -> None:
    state = walk(ORDER, {}, QUOTAS)
    assert state.to_call == ("a", "b", "c")
    assert (state.seated, state.missing, state.complete) == ({}, {}, False)


def test_who_declines_is_followed_by_the_next() -> None:
    state = walk(ORDER, {"a": Reply.ACCEPTED, "b": Reply.DECLINED, "c": Reply.NO_ANSWER}, QUOTAS)
    assert state.to_call == ("d", "e")
    state = walk(ORDER, {"a": Reply.ACCEPTED, "b": Reply.DECLINED, "c": Reply.NO_ANSWER, "d": Reply.RECUSED}, QUOTAS)
    # e is an estimator first; the civil seat then stays without anybody.
    assert (state.to_call, state.missing) == (("e",), {"civil": 1})
    final = {
        "a": Reply.ACCEPTED,
        "b": Reply.DECLINED,
        "c": Reply.NO_ANSWER,
        "d": Reply.ACCEPTED,
        "e": Reply.ACCEPTED,
    }
    state = walk(ORDER, final, QUOTAS)
    assert state.complete
    assert state.seated == {"a": "civil", "d": "civil", "e": "cost"}
    assert [step.outcome for step in state.trace] == [
        Outcome.SEATED,
        Outcome.DECLINED,
        Outcome.NO_ANSWER,
        Outcome.SEATED,
        Outcome.SEATED,
        Outcome.NOT_NEEDED,
        Outcome.NOT_NEEDED,
    ]


def test_a_quick_answer_further_down_takes_no_seat_from_one_who_was_called_first() -> None:
    state = walk(people("a:x", "b:x"), {"b": Reply.ACCEPTED}, {"x": 1})
    assert (state.to_call, state.seated) == (("a",), {})


def test_shortage_is_told() -> None:
    state = walk(people("a:x"), {"a": Reply.ACCEPTED}, {"x": 2, "y": 1})
    assert (state.missing, state.complete, state.seated) == ({"x": 1, "y": 1}, False, {"a": "x"})


def test_walk_refuses_what_cannot_be() -> None:
    with pytest.raises(ValueError, match="twice"):
        walk(people("a:x", "a:x"), {}, {"x": 1})
    with pytest.raises(ValueError, match="not on the list"):
        walk(people("a:x"), {"b": Reply.ACCEPTED}, {"x": 1})


NAMES = [f"p{number}" for number in range(12)]


@given(
    st.lists(st.sampled_from(["x", "y", "x,y", "y,x"]), min_size=12, max_size=12),
    st.lists(st.sampled_from([*Reply]), min_size=12, max_size=12),
    st.integers(0, 4),
    st.integers(0, 4),
)
def test_calling_one_after_the_other_ends_as_knowing_all_answers(
    kinds: list[str], replies: list[Reply], xs: int, ys: int
) -> None:
    order = [Candidate(name, tuple(kind.split(","))) for name, kind in zip(NAMES, kinds, strict=True)]
    quotas, known = {"x": xs, "y": ys}, dict(zip(NAMES, replies, strict=True))
    answers: dict[str, Reply] = {}
    while calls := walk(order, answers, quotas).to_call:
        answers[calls[-1]] = known[calls[-1]]
    state = walk(order, answers, quotas)
    assert state.seated == walk(order, known, quotas).seated
    for discipline, seats in quotas.items():
        taken = sum(1 for seat in state.seated.values() if seat == discipline)
        assert taken + state.missing.get(discipline, 0) == seats
