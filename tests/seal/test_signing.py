"""Statements: a signature holds for one key, one kind and one content, and keys are kept privately."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from yiwang.kernel.errors import BadInput, Refused
from yiwang.seal.signing import (
    new_signing_key,
    public_text,
    read_key,
    sign_statement,
    statement_message,
    verify_statement,
    write_key,
)

CONTENT = {"lot": "1", "score": "87.5", "by": "戊"}


def test_message_is_separated_by_kind() -> None:
    assert statement_message("bid", {"b": 1, "a": "甲"}) == b"yiwang/bid/v1\n" + '{"a":"甲","b":1}'.encode()
    for kind in ("", "Bid", "bid/v1", "bid\n"):
        with pytest.raises(ValueError):
            statement_message(kind, {})


def test_known_answer() -> None:
    # RFC 8032 section 7.1, test 1: the public key of this secret. Signatures are deterministic.
    key = Ed25519PrivateKey.from_private_bytes(
        bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    )
    assert public_text(key) == "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    assert sign_statement(key, "bid", CONTENT) == sign_statement(key, "bid", dict(reversed(CONTENT.items())))


def test_signature_holds_for_its_statement_only() -> None:
    key = new_signing_key()
    public, signature = public_text(key), sign_statement(key, "score-sheet", CONTENT)
    assert verify_statement(public, "score-sheet", CONTENT, signature)
    assert not verify_statement(public, "bid", CONTENT, signature)
    assert not verify_statement(public, "score-sheet", {**CONTENT, "score": "88.5"}, signature)
    assert not verify_statement(public_text(new_signing_key()), "score-sheet", CONTENT, signature)


@pytest.mark.parametrize("wrong", ["", "?", "AAAA", " ", "A" * 86 + "=="])
def test_malformed_key_or_signature_is_just_invalid(wrong: str) -> None:
    key = new_signing_key()
    assert not verify_statement(public_text(key), "bid", CONTENT, wrong)
    assert not verify_statement(wrong, "bid", CONTENT, sign_statement(key, "bid", CONTENT))


def test_base64_has_one_form_only() -> None:
    key = new_signing_key()
    signature = sign_statement(key, "bid", CONTENT)
    # 64 bytes leave four unused bits in the last digit; another digit there decodes to the same bytes.
    twin = signature[:-3] + chr(ord(signature[-3]) + 1) + "=="
    assert not verify_statement(public_text(key), "bid", CONTENT, twin)


@pytest.mark.parametrize("passphrase", ["", "correct horse 电池"])
def test_key_file_is_private_and_comes_back(tmp_path: Path, passphrase: str) -> None:
    key, path = new_signing_key(), tmp_path / "me.pem"
    write_key(path, key, passphrase)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert public_text(read_key(path, passphrase)) == public_text(key)
    with pytest.raises(FileExistsError):
        write_key(path, key)
    with pytest.raises(BadInput):
        read_key(path, "wrong")
    path.chmod(0o644)
    with pytest.raises(Refused):
        read_key(path, passphrase)


def test_what_is_no_key_file(tmp_path: Path) -> None:
    path = tmp_path / "x.pem"
    path.write_bytes(b"hello")
    path.chmod(0o600)
    with pytest.raises(BadInput):
        read_key(path)
