"""Padded sizes: never smaller, at most 12 % larger, few."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.seal.padme import LEAST, is_padded, padded_size, padme

SIZES = st.integers(0, 2**45)


def test_known_sizes() -> None:
    # 9 = 0b1001: exponent 3 keeps 2 bits more, so one bit is rounded away.
    assert [padme(size) for size in (0, 1, 2, 3, 7, 8, 9, 17, 33, 100, 1000, 2**20, 2**20 + 1)] == [
        *(0, 1, 2, 3, 7, 8, 10, 18, 36, 104, 1024, 2**20, 2**20 + 2**15),
    ]


@given(SIZES)
def test_never_smaller_and_never_12_percent_larger(size: int) -> None:
    assert size <= padme(size) <= size * 1.12


@given(SIZES)
def test_a_padded_size_stays(size: int) -> None:
    assert padme(padme(size)) == padme(size)
    assert is_padded(padded_size(size))


@given(SIZES, SIZES)
def test_order_is_kept(one: int, other: int) -> None:
    if one <= other:
        assert padme(one) <= padme(other)


def test_sizes_are_few() -> None:
    assert len({padme(size) for size in range(1_000_000, 2_000_000)}) <= 33
    assert len({padded_size(size) for size in range(LEAST + 1)}) == 1


def test_what_is_not_padded() -> None:
    assert not is_padded(LEAST - 1)
    assert not is_padded(2**20 + 1)
    with pytest.raises(ValueError):
        padme(-1)
