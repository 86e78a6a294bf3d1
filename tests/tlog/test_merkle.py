"""RFC 6962 hashes and proofs: published answers, properties against a word-by-word tree, broken proofs."""

from __future__ import annotations

import json
from contextlib import nullcontext
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.tlog import merkle
from yiwang.tlog.errors import ProofError

PUBLISHED: dict[str, Any] = json.loads((Path(__file__).parent / "vectors" / "merkle_proofs.json").read_text())
DATA = [sha256(b"entry %d" % number).digest() for number in range(600)]
LEAVES = [merkle.leaf_hash(d) for d in DATA]

sizes = st.integers(1, 600)


def naive_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, word by word, over leaf data."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def hash_at(level: int, index: int) -> bytes:
    return naive_root(DATA[index << level : (index + 1) << level])


def names(case: dict[str, Any]) -> str:
    return str(case["desc"])


def hexes(values: list[str]) -> list[bytes]:
    return [bytes.fromhex(value) for value in values]


def test_hash_of_the_empty_leaf_and_the_empty_tree() -> None:
    assert merkle.leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle.EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.CompactRange().root() == merkle.root_of([]) == merkle.EMPTY_ROOT


def test_roots_of_the_certificate_transparency_reference_leaves() -> None:
    leaves = [merkle.leaf_hash(leaf) for leaf in hexes(PUBLISHED["leaves"])]
    roots = [merkle.root_of(leaves[: n + 1]).hex() for n in range(8)]
    assert roots == PUBLISHED["roots"]
    assert roots[7] == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@pytest.mark.parametrize("case", PUBLISHED["inclusion"], ids=names)
def test_published_inclusion_proofs(case: dict[str, Any]) -> None:
    leaf, root, proof = bytes.fromhex(case["leaf"]), bytes.fromhex(case["root"]), hexes(case["proof"])
    with pytest.raises(ProofError) if case["refused"] else nullcontext():
        merkle.verify_inclusion(case["index"], case["size"], leaf, proof, root)


@pytest.mark.parametrize("case", PUBLISHED["consistency"], ids=names)
def test_published_consistency_proofs(case: dict[str, Any]) -> None:
    roots, proof = (bytes.fromhex(case["old_root"]), bytes.fromhex(case["new_root"])), hexes(case["proof"])
    with pytest.raises(ProofError) if case["refused"] else nullcontext():
        merkle.verify_consistency(case["old"], case["new"], *roots, proof)


def test_no_published_vector_was_lost() -> None:
    assert (len(PUBLISHED["inclusion"]), len(PUBLISHED["consistency"])) == (98, 98)


def test_compact_range_gives_the_naive_root_at_every_size() -> None:
    tree = merkle.CompactRange()
    for size in range(601):
        assert tree.size == size
        if size <= 70 or size % 37 == 0 or size >= 510:
            assert tree.root() == naive_root(DATA[:size])
        if size < 600:
            tree.append(LEAVES[size])


def test_compact_range_tells_of_every_inner_node_once() -> None:
    seen: dict[tuple[int, int], bytes] = {}
    tree = merkle.CompactRange()
    for leaf in LEAVES[:100]:
        tree.append(leaf, lambda level, index, value: seen.setdefault((level, index), value))
    expected = {(level, index) for level in range(1, 7) for index in range(100 >> level)}
    assert set(seen) == expected
    assert all(value == hash_at(*node) for node, value in seen.items())


def test_compact_range_refuses_the_wrong_number_of_peaks() -> None:
    with pytest.raises(ValueError, match="2 peaks"):
        merkle.CompactRange(3, [LEAVES[0]])


@settings(deadline=None)
@given(st.data(), sizes)
def test_every_inclusion_proof_verifies_and_no_altered_one_does(draw: st.DataObject, size: int) -> None:
    index = draw.draw(st.integers(0, size - 1))
    proof, root = merkle.inclusion_proof(index, size, hash_at), naive_root(DATA[:size])
    merkle.verify_inclusion(index, size, LEAVES[index], proof, root)
    values = [LEAVES[index], root, *proof]
    broken = flipped(draw, values)
    with pytest.raises(ProofError):
        merkle.verify_inclusion(index, size, broken[0], broken[2:], broken[1])
    other = draw.draw(st.integers(0, size + 3).filter(lambda i: i != index))
    with pytest.raises(ProofError):
        merkle.verify_inclusion(other, size, LEAVES[index], proof, root)
    with pytest.raises(ProofError):
        merkle.verify_inclusion(index, size, LEAVES[index], [*proof, root], root)


@settings(deadline=None)
@given(st.data(), sizes, sizes)
def test_every_consistency_proof_verifies_and_no_altered_one_does(draw: st.DataObject, one: int, two: int) -> None:
    old, new = sorted((one, two))
    proof = merkle.consistency_proof(old, new, hash_at)
    roots = naive_root(DATA[:old]), naive_root(DATA[:new])
    merkle.verify_consistency(old, new, *roots, proof)
    merkle.verify_growth(old, new, *roots, proof)
    broken = flipped(draw, [*roots, *proof])
    with pytest.raises(ProofError):
        merkle.verify_consistency(old, new, broken[0], broken[1], broken[2:])
    with pytest.raises(ProofError):
        merkle.verify_consistency(old, new, *roots, [*proof, roots[0]])


def flipped(draw: st.DataObject, values: list[bytes]) -> list[bytes]:
    """One bit of one value changed."""
    which, bit = draw.draw(st.integers(0, len(values) - 1)), draw.draw(st.integers(0, 255))
    changed = bytearray(values[which])
    changed[bit // 8] ^= 1 << bit % 8
    return [bytes(changed) if n == which else value for n, value in enumerate(values)]


def test_size_zero_is_refused_by_the_verifier_and_accepted_by_the_witness_rule() -> None:
    root = naive_root(DATA[:5])
    with pytest.raises(ProofError, match="空树"):
        merkle.verify_consistency(0, 5, merkle.EMPTY_ROOT, root, [])
    merkle.verify_growth(0, 5, merkle.EMPTY_ROOT, root, [])
    merkle.verify_growth(0, 0, merkle.EMPTY_ROOT, merkle.EMPTY_ROOT, [])


@pytest.mark.parametrize(
    ("old", "new", "old_root", "new_root", "proof"),
    [
        (0, 5, merkle.EMPTY_ROOT, LEAVES[0], [LEAVES[1]]),
        (0, 0, merkle.EMPTY_ROOT, LEAVES[0], []),
        (0, 5, LEAVES[0], LEAVES[0], []),
        (0, 5, merkle.EMPTY_ROOT, b"short", []),
        (5, 0, LEAVES[0], merkle.EMPTY_ROOT, []),
        (0, -1, merkle.EMPTY_ROOT, LEAVES[0], []),
    ],
)
def test_the_witness_rule_refuses(old: int, new: int, old_root: bytes, new_root: bytes, proof: list[bytes]) -> None:
    with pytest.raises(ProofError):
        merkle.verify_growth(old, new, old_root, new_root, proof)


def test_no_proofs_beyond_the_tree() -> None:
    for index, size in ((-1, 5), (5, 5), (0, 0)):
        with pytest.raises(ProofError):
            merkle.inclusion_proof(index, size, hash_at)
    with pytest.raises(ProofError):
        merkle.consistency_proof(6, 5, hash_at)
    assert merkle.consistency_proof(0, 5, hash_at) == merkle.consistency_proof(5, 5, hash_at) == []
