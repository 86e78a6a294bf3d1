"""SM2 signatures with SM3 (GB/T 32918.2, default identity of GB/T 35276): checking only.

Public keys are written ``sm2:`` and base64 of the compressed point (33 bytes, GB/T 32918.1 4.2.9), so one key has one
text and nobody takes it for Ed25519. Signatures are base64 of ``r || s`` (64 bytes), or of the DER form that
certificate devices give (GB/T 35276, SM2Signature). Private SM2 keys stay in the signer's own device: nothing here signs.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from yiwang.seal.shapes import ShapeError, from_base64, to_base64

PREFIX = "sm2:"
IDENTITY = b"1234567812345678"
"""The signer's identity where nothing else was agreed (GB/T 35276-2017, 10)."""
ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
PRIME = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93


def is_sm2(public: str) -> bool:
    """Whether a public key's text says that it is an SM2 key."""
    return public.startswith(PREFIX)


def public_text(point: bytes) -> str:
    """The text of a public key from the form in which devices give it: ``04 || x || y``, ``x || y``, or compressed.

    Raises:
        ShapeError: not a point of the curve.
    """
    if len(point) == 64:
        point = b"\x04" + point
    if len(point) == 65 and point[0] == 4:
        y = int.from_bytes(point[33:], "big")
        packed = bytes([2 + y % 2]) + point[1:33]
        if _uncompressed(packed) != point:
            raise ShapeError("public is not a point of the SM2 curve")
        return PREFIX + to_base64(packed)
    _uncompressed(point)
    return PREFIX + to_base64(point)


def verify(public: str, message: bytes, signature: str) -> bool:
    """Whether the signature is that of the key over the message; False when either is malformed."""
    from gmalg import SM2  # late: pure Python tables, and most dossiers hold no SM2

    try:
        point = _uncompressed(from_base64(public.removeprefix(PREFIX), "public", size=33))
        r, s = _numbers(from_base64(signature, "signature"))
    except ShapeError:
        return False
    if not (is_sm2(public) and 0 < r < ORDER and 0 < s < ORDER and (r + s) % ORDER):
        return False
    checker = SM2(uid=IDENTITY, pk=point)
    return bool(checker.verify(message, r.to_bytes(32, "big"), s.to_bytes(32, "big")))


def _numbers(signature: bytes) -> tuple[int, int]:
    if len(signature) == 64:
        return int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        r, s = decode_dss_signature(signature)
        if encode_dss_signature(r, s) == signature:
            return r, s
    except ValueError:
        pass
    raise ShapeError("signature is neither r || s nor DER")


def _uncompressed(packed: bytes) -> bytes:
    """``04 || x || y`` of a compressed point (p = 3 mod 4, so a root is one power)."""
    if len(packed) != 33 or packed[0] not in (2, 3):
        raise ShapeError("public is not a compressed point of 33 bytes")
    x = int.from_bytes(packed[1:], "big")
    square = (x**3 - 3 * x + _B) % PRIME
    y = pow(square, (PRIME + 1) // 4, PRIME)
    if x >= PRIME or y * y % PRIME != square:
        raise ShapeError("public is not a point of the SM2 curve")
    if y % 2 != packed[0] % 2:
        y = PRIME - y
    return b"\x04" + packed[1:] + y.to_bytes(32, "big")
