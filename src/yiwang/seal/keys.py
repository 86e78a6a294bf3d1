"""Custodians' one-time keys: standard age X25519 identities, made on the custodian's own machine, one per lot."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field

from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.text import Text
from yiwang.seal import age

_RECIPIENT = re.compile(r"age1[02-9ac-hj-np-z]{58}")
_POSSESSION = b"yiwang/possession/v1\n"


@dataclass(frozen=True, slots=True)
class CustodianKey:
    """A key pair: ``identity`` (AGE-SECRET-KEY-1..., secret until the opening) and ``recipient`` (age1..., public)."""

    identity: str = field(repr=False)
    recipient: str


def new_custodian_key() -> CustodianKey:
    """A fresh one-time key pair for one custodian and one lot."""
    identity = age.new_identity()
    return CustodianKey(identity, age.recipient_of(identity))


def check_recipient(text: str, *, field: str = "recipient") -> str:
    """``text`` without surrounding blanks when it is an age X25519 recipient; BadInput naming ``field`` otherwise."""
    passes = Text("以 age1 开头的 62 位公钥", "a public key of 62 characters that begins with age1")
    clean = text.strip()
    if not _RECIPIENT.fullmatch(clean):
        raise bad(field, "这不是保管人公钥", "this is not a custodian's public key", passes=passes)
    try:
        age.check_recipient(clean)
    except age.AgeError:
        raise bad(field, "公钥校验位不符", "the public key is mistyped", passes=passes) from None
    return clean


def identity_in(text: str, *, field: str = "identity") -> str:
    """The one secret key in a key file's text (comment lines begin with ``#``); BadInput when there is not just one."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    passes = Text("下载的保管人密钥文件", "the custodian key file that was downloaded")
    if len(lines) != 1:
        raise bad(field, "密钥文件应恰好有一个密钥", "a key file holds exactly one key", passes=passes)
    try:
        age.recipient_of(lines[0])
    except age.AgeError:
        raise bad(field, "这不是有效的密钥文件", "this is not a valid key file", passes=passes) from None
    return lines[0]


def check_identity(identity: str, recipient: str) -> bool:
    """Whether the secret key belongs to the public key; False too when either is malformed."""
    try:
        return recipient_of(identity) == recipient.strip()
    except BadInput:
        return False


def recipient_of(identity: str) -> str:
    """The public key of a secret key. BadInput when it is malformed."""
    return age.recipient_of(identity_in(identity))


def challenge(recipient: str, nonce: bytes) -> bytes:
    """A challenge that only the holder of the secret key can answer; ``nonce`` is 32 random bytes kept by the asker."""
    if len(nonce) != 32:
        raise ValueError("a nonce has 32 bytes")
    key = check_recipient(recipient)
    return age.encrypt(_POSSESSION + key.encode() + b"\n" + nonce, key)


def challenge_in(text: str) -> bytes:
    """The challenge in what a server gave: base64, after the last dot when the server put its own marks before it.

    Raises:
        BadInput: no base64.
    """
    try:
        return base64.b64decode("".join(text.split()).rpartition(".")[2], validate=True)
    except (binascii.Error, ValueError):
        raise bad("challenge", "验证题不完整，请整段复制", "the challenge is damaged; copy it whole") from None


def answer(identity: str, challenge: bytes) -> bytes:
    """The nonce in a challenge: proof of possession of the secret key.

    Only plaintexts that name themselves a challenge for this very key are answered. Otherwise a hostile server could
    pass off a part of a sealed bid as a challenge and have custodians decrypt it before the opening.

    Raises:
        BadInput: the challenge is for another key, or is none.
    """
    text = identity_in(identity)
    prefix = _POSSESSION + recipient_of(text).encode() + b"\n"
    try:
        plain = age.decrypt(challenge, text)
    except age.AgeError:
        raise bad("challenge", "此验证题不是出给这把密钥的", "the challenge is not for this key") from None
    if not plain.startswith(prefix) or len(plain) != len(prefix) + 32:
        raise bad("challenge", "这不是验证题，已拒绝解密", "this is no challenge; it is not answered")
    return plain[len(prefix) :]
