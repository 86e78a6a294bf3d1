"""Checkpoints and cosignatures: published examples, notes made by the Go implementation, malformed ones."""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from yiwang.tlog import note
from yiwang.tlog.checkpoint import Checkpoint, open_checkpoint, parse_body, sign_checkpoint, unverified
from yiwang.tlog.cosignature import (
    Ed25519Cosigner,
    MLDSA44Signer,
    MLDSA44Verifier,
    ed25519_message,
    subtree_message,
    timestamp_of,
    verifier_for,
)
from yiwang.tlog.errors import NoteError
from yiwang.tlog.keys import LogKeys

VECTORS = Path(__file__).parent / "vectors"

GO: dict[str, Any] = json.loads((VECTORS / "go_cosignatures.json").read_text())

ROOT = sha256(b"root").digest()

# C2SP tlog-cosignature, the example at its beginning
SOFA = (VECTORS / "c2sp_behind_the_sofa.note").read_bytes()


def witness(name: str = "finance.example/w", seed: int = 7, time: int = 1_800_000_000) -> Ed25519Cosigner:
    return Ed25519Cosigner(name, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32), lambda: time)


def head(size: int = 5) -> Checkpoint:
    return Checkpoint("evidence.example/2027", size, ROOT)


def test_the_c2sp_example_is_read() -> None:
    checkpoint = unverified(SOFA)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    text, (log, cosignature) = note.parse(SOFA)
    assert checkpoint.body() == text
    assert (log.key_id.hex(), cosignature.name) == ("033de0ae", "witness.example.com/w1")
    assert timestamp_of(cosignature.blob) == 1679315147


def test_the_c2sp_cosigned_message() -> None:
    text, _ = note.parse(SOFA)
    assert ed25519_message(1679315147, text) == b"cosignature/v1\ntime 1679315147\n" + text


def test_a_checkpoint_signed_and_cosigned_by_the_go_implementation_opens() -> None:
    logs, witnesses = ([verifier_for(v) for v in GO[k]] for k in ("log_vkeys", "witness_vkeys"))
    signed = open_checkpoint(GO["note"].encode(), logs, witnesses=witnesses, every=True)
    assert (signed.checkpoint.origin, signed.checkpoint.size) == ("log.example/2027", 20852163)
    assert all(signed.note.signed_by(key) for key in [*logs, *witnesses])


def test_a_subtree_signed_by_the_go_implementation_verifies() -> None:
    key, subtree = verifier_for(GO["witness_vkeys"][1]), GO["subtree"]
    assert isinstance(key, MLDSA44Verifier)
    root, signature = bytes.fromhex(subtree["root"]), base64.b64decode(subtree["signature"])
    assert timestamp_of(signature) == 0
    assert key.verify_subtree("log.example/2027", 256, 512, root, signature)
    assert not key.verify_subtree("log.example/2028", 256, 512, root, signature)
    assert not key.verify_subtree("log.example/2027", 0, 512, root, signature)
    assert not key.verify_subtree("log.example/2027", 256, 511, root, signature)


def test_the_subtree_structure_byte_for_byte() -> None:
    message = subtree_message("w", 2, "log", start=0, end=256, root=ROOT)
    fields = (b"subtree/v1\n\0", b"\x01w", bytes(7) + b"\x02", b"\x03log", bytes(8), bytes(6) + b"\x01\x00", ROOT)
    assert message == b"".join(fields)


@pytest.mark.parametrize(
    "fields",
    [
        ("", 0, "log", 0, 1, ROOT),
        ("w" * 256, 0, "log", 0, 1, ROOT),
        ("w", 0, "", 0, 1, ROOT),
        ("w", 0, "志" * 86, 0, 1, ROOT),
        ("w", 1, "log", 1, 2, ROOT),
        ("w", 0, "log", 2, 1, ROOT),
        ("w", 0, "log", 0, 2**64, ROOT),
        ("w", 2**63, "log", 0, 1, ROOT),
        ("w", 0, "log", 0, 1, ROOT[:31]),
    ],
)
def test_subtrees_that_cannot_be_signed(fields: tuple[str, int, str, int, int, bytes]) -> None:
    name, time, origin, start, end, root = fields
    with pytest.raises(NoteError):
        subtree_message(name, time, origin, start=start, end=end, root=root)


def test_our_checkpoint_carries_both_signatures(keys: LogKeys) -> None:
    signed = open_checkpoint(sign_checkpoint(head(), keys), keys.verifiers(), every=True)
    assert signed.checkpoint == head()
    assert [len(s.blob) for s in signed.note.verified] == [64, 8 + 2420]
    for key in keys.verifiers():
        assert open_checkpoint(sign_checkpoint(head(), keys), [key]).note.signed_by(key)


def test_every_means_both_signatures(keys: LogKeys) -> None:
    only = sign_checkpoint(head(), list(keys)[:1])
    open_checkpoint(only, keys.verifiers())
    with pytest.raises(NoteError, match="全部"):
        open_checkpoint(only, keys.verifiers(), every=True)


def test_a_witness_never_stands_for_the_log(keys: LogKeys) -> None:
    key = witness()
    alone = note.sign(head().body(), [key])
    with pytest.raises(NoteError):
        open_checkpoint(alone, keys.verifiers(), witnesses=[verifier_for(key.vkey)])


def test_a_log_key_does_not_vouch_for_another_origin(keys: LogKeys) -> None:
    other = Checkpoint("evidence.example/2028", 5, ROOT)
    with pytest.raises(NoteError, match="不是日志"):
        sign_checkpoint(other, keys)
    with pytest.raises(NoteError, match="没有"):
        open_checkpoint(note.sign(other.body(), keys), keys.verifiers())


def test_witnesses_sign_the_time_and_the_whole_body(keys: LogKeys) -> None:
    for key in (witness(), MLDSA44Signer("notary.example/w", MLDSA44PrivateKey.from_seed_bytes(bytes(32)), lambda: 99)):
        text, existing = note.parse(sign_checkpoint(head(), keys))
        cosigned = note.sign(text, [key], existing)
        verifier = verifier_for(key.vkey)
        signed = open_checkpoint(cosigned, keys.verifiers(), witnesses=[verifier])
        assert signed.note.signed_by(verifier)
        blob = next(s.blob for s in signed.note.verified if s.name == key.name)
        assert timestamp_of(blob) in (1_800_000_000, 99)
        later = (timestamp_of(blob) + 1).to_bytes(8, "big") + blob[8:]
        assert not verifier.verify(text, later)
        assert not verifier.verify(text, b"\xff" * 8 + blob[8:])
        assert not verifier.verify(text, blob[:-1])
        assert not verifier.verify(head(6).body(), blob)
        assert not verifier.verify(b"not a checkpoint\n", blob)


def test_the_ml_dsa_cosignature_binds_the_cosigners_name() -> None:
    key = MLDSA44PrivateKey.from_seed_bytes(bytes(32))
    blob = MLDSA44Signer("notary.example/w", key).sign(head().body())
    material = key.public_key().public_bytes_raw()
    assert MLDSA44Verifier("notary.example/w", material).verify(head().body(), blob)
    assert not MLDSA44Verifier("other.example/w", material).verify(head().body(), blob)


def test_a_damaged_public_key_verifies_nothing() -> None:
    assert not MLDSA44Verifier("a", b"short").verify(head().body(), bytes(2428))


def test_only_checkpoints_can_be_cosigned() -> None:
    with pytest.raises(NoteError):
        witness().sign(b"some text\n")
    with pytest.raises(NoteError):
        timestamp_of(bytes(64))


def test_extension_lines_are_kept_and_signed_by_ed25519() -> None:
    checkpoint = Checkpoint("evidence.example/2027", 5, ROOT, ("more",))
    assert parse_body(checkpoint.body()) == checkpoint
    assert not verifier_for(witness().vkey).verify(head().body(), witness().sign(checkpoint.body()))


B64 = base64.b64encode(ROOT).decode()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("", "checkpoint"),
        ("log\n5\n", "checkpoint"),
        (f"log\n5\n{B64}", "checkpoint"),
        (f"\n5\n{B64}\n", "origin"),
        (f"log\r\n5\n{B64}\n", "checkpoint"),
        (f"log\n05\n{B64}\n", "size"),
        (f"log\n-5\n{B64}\n", "size"),
        (f"log\n+5\n{B64}\n", "size"),
        (f"log\n 5\n{B64}\n", "size"),
        (f"log\n\n{B64}\n", "size"),
        (f"log\n５\n{B64}\n", "size"),
        (f"log\n5_0\n{B64}\n", "size"),
        (f"log\n{2**63}\n{B64}\n", "size"),
        (f"log\n{'9' * 5000}\n{B64}\n", "size"),
        ("log\n5\nYmFuYW5hcw==\n", "root"),
        (f"log\n5\n{B64[:-1]}\n", "root"),
        ("log\n5\n\n", "root"),
        (f"log\n0\n{B64}\n", "root"),
        (f"log\n5\n{B64}\n\n", "extension"),
    ],
)
def test_malformed_checkpoints_name_the_line(body: str, field: str) -> None:
    with pytest.raises(NoteError) as error:
        parse_body(body.encode())
    assert error.value.reasons[0].field == field
    assert error.value.reasons[0].passes is not None


def test_a_checkpoint_that_is_not_utf8() -> None:
    with pytest.raises(NoteError):
        parse_body(b"\xff\n5\n" + B64.encode() + b"\n")


@pytest.mark.parametrize(
    "checkpoint",
    [
        Checkpoint("", 5, ROOT),
        Checkpoint("a\nb", 5, ROOT),
        Checkpoint("log", -1, ROOT),
        Checkpoint("log", 5, b"short"),
        Checkpoint("log", 5, ROOT, ("",)),
        Checkpoint("log", 0, ROOT),
    ],
)
def test_checkpoints_that_cannot_be_written(checkpoint: Checkpoint) -> None:
    with pytest.raises(NoteError):
        checkpoint.body()
