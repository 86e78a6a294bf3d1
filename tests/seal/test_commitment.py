"""Commitments: every part counts, parts cannot be shifted into each other, order of a set does not count."""

from __future__ import annotations

import hashlib
import itertools

import pytest

from yiwang.seal.commitment import bid_commitment, commitments_root

SALT, A, B = bytes(range(32)), "aa" * 32, "bb" * 32


def test_is_recomputable_by_hand() -> None:
    text = (
        f'{{"envelope":"{A}","lot":"L/1","manifest":"{B}","salt":"{SALT.hex()}","tenderer":"91420100MA4KMXYZ1A"}}'
    ).encode()
    expected = hashlib.sha256(b"bid/v1\n" + text).hexdigest()
    assert bid_commitment(SALT, "L/1", "91420100MA4KMXYZ1A", A, B) == expected


def test_every_part_counts() -> None:
    variants = [
        bid_commitment(SALT, "L1", "T", A, B),
        bid_commitment(bytes(32), "L1", "T", A, B),
        bid_commitment(SALT, "L", "1T", A, B),
        bid_commitment(SALT, "L1", "U", A, B),
        bid_commitment(SALT, "L1", "T", B, A),
        bid_commitment(SALT, "L1", "T", A, A),
    ]
    assert len(set(variants)) == len(variants)


@pytest.mark.parametrize(("salt", "envelope"), [(bytes(31), A), (SALT, A.upper()), (SALT, A[:-1]), (SALT, "")])
def test_malformed_parts_are_refused(salt: bytes, envelope: str) -> None:
    with pytest.raises(ValueError):
        bid_commitment(salt, "L", "T", envelope, B)


def test_root_of_a_set() -> None:
    leaves = [hashlib.sha256(bytes([number])).hexdigest() for number in range(4)]
    roots = {commitments_root(order) for order in itertools.permutations(leaves)}
    assert roots == {
        hashlib.sha256(b"bids/v1\n" + bytes(7) + b"\x04" + bytes.fromhex("".join(sorted(leaves)))).hexdigest()
    }
    assert commitments_root(leaves[:3]) not in roots
    assert commitments_root([]) == hashlib.sha256(b"bids/v1\n" + bytes(8)).hexdigest()
    with pytest.raises(ValueError, match="twice"):
        commitments_root([leaves[0], leaves[0]])
