"""Receipts (tlog-proof files): written, read, verified against keys or a policy, refused when altered."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.tlog import merkle, proof
from yiwang.tlog.checkpoint import Checkpoint, sign_checkpoint
from yiwang.tlog.errors import NoteError, PolicyError, ProofError
from yiwang.tlog.keys import LogKeys
from yiwang.tlog.policy import parse as parse_policy

ENTRIES = [b"entry %d" % n for n in range(11)]
KEYS = LogKeys.create("evidence.example/2027")


def hash_at(level: int, index: int) -> bytes:
    return merkle.root_of(merkle.leaf_hash(e) for e in ENTRIES[index << level : (index + 1) << level])


def receipt(index: int = 6, size: int = 11, extra: bytes | None = None) -> proof.Proof:
    path = tuple(merkle.inclusion_proof(index, size, hash_at))
    head = Checkpoint(KEYS.name, size, merkle.tree_root(size, hash_at))
    return proof.Proof(index, path, sign_checkpoint(head, KEYS), extra)


FILE = receipt().format()


def test_a_receipt_is_written_as_the_specification_says() -> None:
    made = receipt(extra=b"more")
    hashes = "".join(base64.b64encode(h).decode() + "\n" for h in made.hashes)
    head = f"c2sp.org/tlog-proof@v1\nextra bW9yZQ==\nindex 6\n{hashes}\n"
    assert made.format() == head.encode() + made.checkpoint
    assert proof.parse(made.format()) == made


@pytest.mark.parametrize("index", range(11))
def test_every_entry_verifies_and_no_other_does(index: int) -> None:
    made = proof.parse(receipt(index).format())
    assert proof.verify(made, ENTRIES[index], KEYS.verifiers()).checkpoint.size == 11
    with pytest.raises(ProofError):
        proof.verify(made, ENTRIES[index] + b" ", KEYS.verifiers())


def test_the_tree_of_one_entry_has_an_empty_path() -> None:
    made = receipt(0, 1)
    assert made.format().startswith(b"c2sp.org/tlog-proof@v1\nindex 0\n\nevidence")
    proof.verify(proof.parse(made.format()), ENTRIES[0], KEYS.verifiers())


def test_extra_data_may_be_empty_and_is_not_vouched_for() -> None:
    assert proof.parse(receipt(extra=b"").format()).extra == b""
    assert proof.parse(receipt().format()).extra is None


def test_a_receipt_of_a_stranger_is_refused() -> None:
    with pytest.raises(NoteError):
        proof.verify(receipt(), ENTRIES[6], LogKeys.create(KEYS.name).verifiers())


def test_a_receipt_under_a_policy() -> None:
    first, second = KEYS.vkeys()
    trust = parse_policy(f"log {first}\nlog {second}\nquorum none\n".encode())
    assert proof.verify(receipt(), ENTRIES[6], trust).checkpoint.origin == KEYS.name
    other = LogKeys.create("w.example").vkeys()[1]
    strict = parse_policy(f"log {first}\nwitness w {other}\nquorum w\n".encode())
    with pytest.raises(PolicyError):
        proof.verify(receipt(), ENTRIES[6], strict)


@settings(deadline=None)
@given(st.integers(0, len(FILE) * 8 - 1))
def test_no_bit_of_a_receipt_can_be_changed(bit: int) -> None:
    changed = bytearray(FILE)
    changed[bit // 8] ^= 1 << bit % 8
    try:
        made = proof.parse(bytes(changed))
        signed = proof.verify(made, ENTRIES[6], KEYS.verifiers())
    except (ProofError, NoteError):
        return
    # What is left: a signature line whose key name or id is no longer ours is a stranger's, and is ignored.
    assert len(signed.note.verified) == 1 and (made.index, made.hashes) == (6, receipt().hashes)


HASH = base64.b64encode(bytes(32)).decode()
TAIL = FILE[FILE.index(b"\n\n") :].decode()


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("", 1),
        ("c2sp.org/tlog-proof@v2\nindex 0", 1),
        ("c2sp.org/tlog-proof@v1", 2),
        ("c2sp.org/tlog-proof@v1\nextra !!notbase64!!\nindex 0", 2),
        ("c2sp.org/tlog-proof@v1\nextra bW9yZQ==", 3),
        ("c2sp.org/tlog-proof@v1\nindex notanumber", 2),
        ("c2sp.org/tlog-proof@v1\nindex -5", 2),
        ("c2sp.org/tlog-proof@v1\nindex 05", 2),
        ("c2sp.org/tlog-proof@v1\nindex", 2),
        ("c2sp.org/tlog-proof@v1\nindex 0\nextra bW9yZQ==", 3),
        ("c2sp.org/tlog-proof@v1\nindex 0\n!!notbase64!!", 3),
        (f"c2sp.org/tlog-proof@v1\nindex 0\n{HASH}\nAAAA", 4),
        ("c2sp.org/tlog-proof@v1\r\nindex 0", 1),
        ("\xff", 1),
        ("c2sp.org/tlog-proof@v1\nindex 0" + f"\n{HASH}" * 64, 67),
    ],
)
def test_malformed_receipts_name_the_line(head: str, line: int) -> None:
    with pytest.raises(ProofError) as error:
        proof.parse((head + TAIL).encode())
    if line < 60:
        assert error.value.reasons[0].field == f"line {line}"


@pytest.mark.parametrize("tail", ["", "\n", "\n\n", "\n\ncheckpoint\n", "\n\nlog\n5\n" + HASH + "\n"])
def test_a_receipt_without_a_whole_checkpoint(tail: str) -> None:
    with pytest.raises(ProofError):
        proof.parse(f"c2sp.org/tlog-proof@v1\nindex 0{tail}".encode())


def test_receipts_that_cannot_be_written() -> None:
    good = receipt()
    for bad in (
        proof.Proof(-1, good.hashes, good.checkpoint),
        proof.Proof(0, (b"short",), good.checkpoint),
        proof.Proof(0, good.hashes, b"no checkpoint"),
    ):
        with pytest.raises(ProofError):
            bad.format()
