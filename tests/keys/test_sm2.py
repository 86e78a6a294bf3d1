"""SM2 signatures with SM3: the standard's own example, keys in the forms of devices, statements, bad input."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from gmalg import SM2

from yiwang.seal import sm2
from yiwang.seal.shapes import ShapeError, to_base64
from yiwang.seal.signing import statement_message, verify_statement

# GB/T 32918.5-2017, annex A.2: private key, public key, and the signature over "message digest" by the default identity
PRIVATE = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
POINT = bytes.fromhex(
    "04"
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
R = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
S = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
PUBLIC = sm2.public_text(POINT)
CONTENT = {"tender": "YW-1", "score": "87.5", "by": "戊"}


def raw(r: int, s: int) -> str:
    return to_base64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def signed(content: object, kind: str = "score-sheet") -> str:
    """As another program signs a statement; ours never does."""
    return raw(*(int.from_bytes(part, "big") for part in SM2(PRIVATE, sm2.IDENTITY, POINT).sign(statement_message(kind, content))))


def test_the_example_of_the_standard() -> None:
    assert sm2.verify(PUBLIC, b"message digest", raw(R, S))
    assert sm2.verify(PUBLIC, b"message digest", to_base64(encode_dss_signature(R, S)))
    assert not sm2.verify(PUBLIC, b"message digesu", raw(R, S))
    assert not sm2.verify(PUBLIC, b"message digest", raw(R, S ^ 1))


def test_a_key_has_one_text_in_whatever_form_the_device_gives_it() -> None:
    packed = b"\x03" + POINT[1:33]
    assert PUBLIC == "sm2:" + to_base64(packed) == sm2.public_text(POINT[1:]) == sm2.public_text(packed)
    assert len(PUBLIC) <= 64
    negative = b"\x02" + POINT[1:33]
    assert not sm2.verify("sm2:" + to_base64(negative), b"message digest", raw(R, S))


@pytest.mark.parametrize("wrong", [b"", POINT[:-1], POINT[:-1] + b"\0", b"\x05" + POINT[1:], b"\x02" + b"\xff" * 32, b"\x02" + b"\0" * 31 + b"\x05"])
def test_what_is_no_point_of_the_curve_is_no_key(wrong: bytes) -> None:
    with pytest.raises(ShapeError):
        sm2.public_text(wrong)
    assert not sm2.verify("sm2:" + to_base64(wrong), b"message digest", raw(R, S))


@pytest.mark.parametrize(
    "wrong",
    ["", "?", raw(0, S), raw(R, 0), raw(R, sm2.ORDER - R), raw(sm2.ORDER + 1, S), raw(R, S)[:-4],
     to_base64(encode_dss_signature(R, S) + b"\0")],
)  # fmt: skip
def test_a_malformed_signature_is_just_invalid(wrong: str) -> None:
    assert not sm2.verify(PUBLIC, b"message digest", wrong)


def test_a_statement_signed_with_sm2_holds_for_its_kind_content_and_key_only() -> None:
    signature = signed(CONTENT)
    assert verify_statement(PUBLIC, "score-sheet", CONTENT, signature)
    assert not verify_statement(PUBLIC, "bid", CONTENT, signature)
    assert not verify_statement(PUBLIC, "score-sheet", {**CONTENT, "score": "88.5"}, signature)
    other = sm2.public_text(SM2(rnd_fn=None).generate_keypair()[1])
    assert not verify_statement(other, "score-sheet", CONTENT, signature)
    assert not verify_statement(PUBLIC.removeprefix("sm2:"), "score-sheet", CONTENT, signature)
