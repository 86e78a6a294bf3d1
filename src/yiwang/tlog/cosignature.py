"""C2SP tlog-cosignature v1.1.0-rc.1: timestamped Ed25519 (0x04) and ML-DSA-44 (0x06) signatures of checkpoints.

The log itself also signs its checkpoints with type 0x06, beside plain Ed25519 (tlog-checkpoint, "Signatures").
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from yiwang.kernel import moment
from yiwang.tlog import note as notes
from yiwang.tlog.checkpoint import parse_body
from yiwang.tlog.errors import NoteError
from yiwang.tlog.merkle import HASH_SIZE

LABEL = b"subtree/v1\n\x00"
ED25519_BYTES = 64
MLDSA44_BYTES = 2420
MAX_TIMESTAMP = 2**63 - 1

Seconds = Callable[[], int]
"""A clock: whole seconds since 1970-01-01T00:00:00Z."""


def posix_now() -> int:
    """The kernel clock's moment as a POSIX timestamp."""
    return int(moment.now().timestamp())


def ed25519_message(timestamp: int, body: bytes) -> bytes:
    """``cosignature/v1``, ``time <t>``, note body (section "Ed25519 signed message")."""
    parse_body(body)
    return b"cosignature/v1\ntime %d\n" % timestamp + body


def subtree_message(name: str, timestamp: int, origin: str, *, start: int, end: int, root: bytes) -> bytes:
    """The ``cosigned_message`` structure (section "ML-DSA-44 signed message").

    Raises:
        NoteError: a name or origin of 0 or more than 255 bytes, a start with a timestamp, an impossible range.
    """
    parts = [LABEL]
    for field, value in (("name", name.encode()), ("origin", origin.encode())):
        if not 1 <= len(value) <= 255:
            raise NoteError(f"{field} 须为 1 至 255 字节", f"{field} must have 1 to 255 bytes", field=field)
        parts.append(bytes([len(value)]) + value)
    if start and timestamp:
        raise NoteError("不从零开始的子树不带时间", "a subtree that does not start at 0 has no time", field="timestamp")
    if not 0 <= start <= end < 2**64 or len(root) != HASH_SIZE or not 0 <= timestamp <= MAX_TIMESTAMP:
        raise NoteError("子树的范围、时间或根不合规", "invalid subtree range, time or root", field="subtree")
    parts.insert(2, struct.pack(">Q", timestamp))
    return b"".join(parts) + struct.pack(">QQ", start, end) + root


def timestamp_of(signature: bytes) -> int:
    """The time inside a 0x04 or 0x06 signature (``timestamped_signature``), seconds since 1970."""
    if len(signature) not in (8 + ED25519_BYTES, 8 + MLDSA44_BYTES):
        raise NoteError("不是带时间的签名", "not a timestamped signature")
    return int.from_bytes(signature[:8], "big")


@dataclass(frozen=True, slots=True)
class Ed25519CosignatureVerifier:
    """Type 0x04: a witness's Ed25519 key."""

    name: str
    key: bytes

    @property
    def key_id(self) -> bytes:
        """The 4-byte key id."""
        return notes.key_id(self.name, notes.ED25519_COSIGNATURE, self.key)

    def verify(self, text: bytes, signature: bytes) -> bool:
        """Whether this key cosigned the checkpoint ``text`` at the time in the signature."""
        if len(signature) != 8 + ED25519_BYTES:
            return False
        timestamp = timestamp_of(signature)
        if timestamp > MAX_TIMESTAMP:
            return False
        try:
            message = ed25519_message(timestamp, text)
        except NoteError:
            return False
        return notes.ed25519_ok(self.key, signature[8:], message)


@dataclass(frozen=True, slots=True)
class MLDSA44Verifier:
    """Type 0x06: an ML-DSA-44 (FIPS 204) key of a log or witness."""

    name: str
    key: bytes

    @property
    def key_id(self) -> bytes:
        """The 4-byte key id."""
        return notes.key_id(self.name, notes.MLDSA44_COSIGNATURE, self.key)

    def verify(self, text: bytes, signature: bytes) -> bool:
        """Whether this key signed the checkpoint ``text``. Extension lines are not covered by this type."""
        try:
            checkpoint = parse_body(text)
        except NoteError:
            return False
        return self.verify_subtree(checkpoint.origin, 0, checkpoint.size, checkpoint.root, signature)

    def verify_subtree(self, origin: str, start: int, end: int, root: bytes, signature: bytes) -> bool:
        """Whether this key signed the subtree over leaves start..end with this root."""
        if len(signature) != 8 + MLDSA44_BYTES:
            return False
        try:
            timestamp = timestamp_of(signature)
            message = subtree_message(self.name, timestamp, origin, start=start, end=end, root=root)
            MLDSA44PublicKey.from_public_bytes(self.key).verify(signature[8:], message)
        except (NoteError, InvalidSignature, ValueError):
            return False
        return True


class Ed25519Cosigner:
    """Type 0x04: a witness that signs with Ed25519. The key must not be shared between cosigners."""

    def __init__(self, name: str, key: Ed25519PrivateKey, clock: Seconds = posix_now) -> None:
        _check_name(name)
        self.name = name
        self._key, self._clock = key, clock
        self.vkey = notes.VKey(name, notes.ED25519_COSIGNATURE, key.public_key().public_bytes_raw())
        self.key_id = self.vkey.key_id

    def sign(self, text: bytes) -> bytes:
        """8 bytes of time and 64 of signature over a checkpoint."""
        timestamp = self._clock()
        return struct.pack(">Q", timestamp) + self._key.sign(ed25519_message(timestamp, text))


class MLDSA44Signer:
    """Type 0x06: a log or witness that signs with ML-DSA-44."""

    def __init__(self, name: str, key: MLDSA44PrivateKey, clock: Seconds = posix_now) -> None:
        _check_name(name)
        self.name = name
        self._key, self._clock = key, clock
        self.vkey = notes.VKey(name, notes.MLDSA44_COSIGNATURE, key.public_key().public_bytes_raw())
        self.key_id = self.vkey.key_id

    def sign(self, text: bytes) -> bytes:
        """8 bytes of time and 2,420 of signature over a checkpoint (the subtree from 0 to its size)."""
        checkpoint = parse_body(text)
        return self.sign_subtree(self._clock(), checkpoint.origin, 0, checkpoint.size, checkpoint.root)

    def sign_subtree(self, timestamp: int, origin: str, start: int, end: int, root: bytes) -> bytes:
        """8 bytes of time (0 when start is not 0) and 2,420 of signature."""
        message = subtree_message(self.name, timestamp, origin, start=start, end=end, root=root)
        return struct.pack(">Q", timestamp) + self._key.sign(message)


def verifier_for(vkey: notes.VKey | str) -> notes.Verifier:
    """The verifier for a vkey of type 0x01, 0x04 or 0x06; NoteError for a malformed one."""
    parsed = notes.parse_vkey(vkey) if isinstance(vkey, str) else vkey
    if parsed.kind == notes.ED25519:
        return notes.Ed25519Verifier(parsed.name, parsed.key)
    if parsed.kind == notes.ED25519_COSIGNATURE:
        return Ed25519CosignatureVerifier(parsed.name, parsed.key)
    return MLDSA44Verifier(parsed.name, parsed.key)


def _check_name(name: str) -> None:
    if not notes.valid_name(name):
        raise NoteError(f"密钥名称不合规：{name!r}", f"invalid key name: {name!r}", field="name")
