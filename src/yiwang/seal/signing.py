"""Personal keys and signatures over statements (bids, score sheets, records), with the kind of statement bound.

Keys are Ed25519; SM2 keys of certificate devices (:mod:`yiwang.seal.sm2`) are accepted beside them.

The signed message is ``b"yiwang/" + kind + b"/v1\\n" + canonical JSON``, so a signature under one kind of statement
never passes for another kind.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from yiwang.kernel.canonical import canonical
from yiwang.kernel.errors import Refused, bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.seal import sm2
from yiwang.seal.shapes import ShapeError, from_base64, to_base64

_KIND = re.compile(r"[a-z][a-z0-9-]{0,39}")


def new_signing_key() -> Ed25519PrivateKey:
    """A fresh personal signing key."""
    return Ed25519PrivateKey.generate()


def public_text(key: Ed25519PrivateKey | Ed25519PublicKey) -> str:
    """The public key as base64 of its 32 bytes, the form in which it is registered and stands in statements."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return to_base64(public.public_bytes_raw())


def statement_message(kind: str, content: Any) -> bytes:
    """The bytes that are signed. ValueError when ``kind`` is not a short lower-case word; as canonical() otherwise."""
    if not _KIND.fullmatch(kind):
        raise ValueError(f"{kind!r} is not a kind of statement: lower-case letters, digits and hyphens")
    return b"yiwang/" + kind.encode() + b"/v1\n" + canonical(content)


def sign_statement(private: Ed25519PrivateKey, kind: str, content: Any) -> str:
    """Base64 Ed25519 signature over a statement of that kind."""
    return to_base64(private.sign(statement_message(kind, content)))


def verify_statement(public: str, kind: str, content: Any, signature: str) -> bool:
    """Whether the base64 signature is that of the public key over the statement; False when malformed.

    The key is base64 of an Ed25519 key, or ``sm2:`` and an SM2 key.
    """
    if sm2.is_sm2(public):
        return sm2.verify(public, statement_message(kind, content), signature)
    try:
        key = Ed25519PublicKey.from_public_bytes(from_base64(public, "public", size=32))
        key.verify(from_base64(signature, "signature", size=64), statement_message(kind, content))
    except (InvalidSignature, ShapeError):
        return False
    return True


def write_key(path: Path, key: Ed25519PrivateKey, passphrase: str = "") -> None:
    """Write a private key as PEM PKCS8, readable by its owner only, encrypted when a passphrase is given.

    Raises:
        FileExistsError: the file exists; keys are never overwritten.
    """
    how: KeySerializationEncryption = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)


def read_key(path: Path, passphrase: str = "") -> Ed25519PrivateKey:
    """Read what :func:`write_key` wrote.

    Raises:
        Refused: the file can be read by others.
        BadInput: not a key file, not an Ed25519 key, or a wrong passphrase.
    """
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise Refused(
            Reason(
                "key.mode",
                Text(f"密钥文件 {path.name} 可被他人读取", f"the key file {path.name} can be read by others"),
                passes=Text(f"chmod 600 {path.name}", f"chmod 600 {path.name}"),
            )
        )
    try:
        key = load_pem_private_key(path.read_bytes(), passphrase.encode() if passphrase else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise bad(
            "key", "密钥文件无法读取：口令不对或不是密钥文件", "cannot read the key: wrong passphrase or no key file"
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise bad("key", "这不是 Ed25519 签名密钥", "this is not an Ed25519 signing key")
    return key
