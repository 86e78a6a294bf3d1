"""Custodians' keys: recognised, matched, possession proved, and no decryption of what is no challenge."""

from __future__ import annotations

import os

import pytest

from yiwang.kernel.errors import BadInput
from yiwang.seal import age
from yiwang.seal.keys import answer, challenge, check_identity, check_recipient, identity_in, new_custodian_key


def test_keys_are_fresh_and_match() -> None:
    one, other = new_custodian_key(), new_custodian_key()
    assert one.recipient != other.recipient
    assert check_identity(one.identity, one.recipient)
    assert not check_identity(one.identity, other.recipient)
    assert not check_identity("AGE-SECRET-KEY-1NOTAKEY", one.recipient)
    assert one.identity not in repr(one)


@pytest.mark.parametrize("text", ["", "age1", "ssh-ed25519 AAAA", "AGE1" + "Q" * 58, "age1" + "q" * 58])
def test_what_is_no_recipient_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        check_recipient(text, field="custodian_2")
    assert caught.value.reasons[0].field == "custodian_2"


def test_a_mistyped_recipient_is_noticed() -> None:
    good = new_custodian_key().recipient
    assert check_recipient(f" {good}\n") == good
    wrong = "q" if good[-1] != "q" else "p"
    with pytest.raises(BadInput, match=r"mistyped|校验位"):
        check_recipient(good[:-1] + wrong)


def test_key_file_with_comments() -> None:
    key = new_custodian_key()
    assert identity_in(f"# created: today\n# public key: {key.recipient}\n{key.identity}\n") == key.identity
    for text in ("", "# nothing\n", f"{key.identity}\n{key.identity}\n", "AGE-SECRET-KEY-1ABC"):
        with pytest.raises(BadInput):
            identity_in(text)


def test_possession_is_proved_only_by_the_holder() -> None:
    key, nonce = new_custodian_key(), os.urandom(32)
    asked = challenge(key.recipient, nonce)
    assert answer(key.identity, asked) == nonce
    with pytest.raises(BadInput):
        answer(new_custodian_key().identity, asked)


def test_a_layer_of_a_sealed_bid_is_not_answered_as_a_challenge() -> None:
    key = new_custodian_key()
    for plain in (
        age.new_identity().encode(),
        age.encrypt(b"inner", key.recipient),
        b"yiwang/possession/v1\n" + bytes(32),
    ):
        with pytest.raises(BadInput, match=r"no challenge|不是验证题"):
            answer(key.identity, age.encrypt(plain, key.recipient))


def test_a_challenge_for_another_key_is_not_answered() -> None:
    key, other = new_custodian_key(), new_custodian_key()
    stolen = b"yiwang/possession/v1\n" + other.recipient.encode() + b"\n" + bytes(32)
    with pytest.raises(BadInput):
        answer(key.identity, age.encrypt(stolen, key.recipient))
