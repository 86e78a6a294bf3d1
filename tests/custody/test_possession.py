"""A key counts only with proof that its secret half is held; the evidence keeps what lets everybody redo it."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.custody.conftest import give
from yiwang.demo.play import possession
from yiwang.kernel.errors import BadInput, Refused
from yiwang.modules.evidence.models import Act
from yiwang.modules.openings import acts as openings
from yiwang.modules.openings import selectors
from yiwang.seal import keys


def code_of(caught: Any) -> str:
    return str(caught.value.reasons[0].code)


def test_evidence_keeps_challenge_and_nonce(appointed: Any, cast: Any) -> None:
    key = give(appointed, cast.custodians[0])
    public = json.loads(bytes(Act.objects.get(act="custody.provide_key").canonical))["public"]
    assert public["recipient"] == key.recipient
    again = keys.answer(key.identity, base64.b64decode(public["challenge"]))
    assert again.hex() == public["nonce"]
    assert key.identity not in json.dumps(public)


def test_without_the_secret_key_no_public_key_is_taken(appointed: Any, cast: Any) -> None:
    custodian, key, other = cast.custodians[0], keys.new_custodian_key(), keys.new_custodian_key()
    right = possession(custodian.actor, appointed.number, key)
    elses = possession(custodian.actor, appointed.number, other)
    cases = [
        ({**right, "answer": "00" * 32}, "custody.possession"),
        ({**right, "answer": elses["answer"]}, "custody.possession"),
        ({**right, "challenge": elses["challenge"], "answer": elses["answer"]}, "custody.challenge"),
        ({**right, "challenge": "nonsense"}, "custody.challenge"),
        ({**right, "challenge": right["challenge"].replace("2026", "2027", 1)}, "custody.challenge"),
        ({**right, "recipient": other.recipient}, "custody.challenge"),
    ]
    for given, code in cases:
        with pytest.raises(BadInput) as caught:
            openings.provide_key(actor=custodian.actor, tender=appointed.number, **given)
        assert code_of(caught) == code
    assert selectors.custodians(appointed.tender).first().recipient == ""


def test_another_challenge_with_the_same_nonce_is_refused(appointed: Any, cast: Any) -> None:
    custodian, key = cast.custodians[0], keys.new_custodian_key()
    right = possession(custodian.actor, appointed.number, key)
    forged = base64.b64encode(keys.challenge(key.recipient, bytes.fromhex(right["answer"]))).decode()
    with pytest.raises(BadInput) as caught:
        openings.provide_key(actor=custodian.actor, tender=appointed.number,
                             **{**right, "challenge": f"{right['challenge'].rpartition('.')[0]}.{forged}"})  # fmt: skip
    assert code_of(caught) == "custody.challenge"


def test_a_challenge_is_for_one_person_one_tender_and_half_an_hour(appointed: Any, cast: Any, stage: Any, play: Any) -> None:
    first, second = cast.custodians[:2]
    key = keys.new_custodian_key()
    right = possession(first.actor, appointed.number, key)
    with pytest.raises(BadInput) as caught:
        openings.provide_key(actor=second.actor, tender=appointed.number, **right)
    assert code_of(caught) == "custody.challenge"
    stage.wait(minutes=31)
    with pytest.raises(BadInput) as caught:
        openings.provide_key(actor=first.actor, tender=appointed.number, **right)
    assert code_of(caught) == "custody.challenge_old"


def test_only_who_is_to_give_a_key_is_challenged(appointed: Any, cast: Any) -> None:
    key = keys.new_custodian_key()
    with pytest.raises(Refused):
        openings.possession_challenge(actor=cast.center.actor, tender=appointed.number, recipient=key.recipient)
    give(appointed, cast.custodians[0], key)
    with pytest.raises(Refused) as caught:
        openings.possession_challenge(actor=cast.custodians[0].actor, tender=appointed.number, recipient=key.recipient)
    assert code_of(caught) == "custody.provided"


def test_a_key_is_used_once(appointed: Any, cast: Any) -> None:
    key = give(appointed, cast.custodians[0])
    with pytest.raises(BadInput) as caught:
        give(appointed, cast.custodians[1], key)
    assert code_of(caught) == "custody.used"
