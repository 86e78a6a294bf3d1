"""The age program's format behind typed functions: keys are text, errors are of one kind.

Keys and small files by the pyrage library, streams by :mod:`yiwang.seal.agestream`.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyrage

from yiwang.seal import agestream
from yiwang.seal.agestream import Reader, Writer


class AgeError(Exception):
    """Wrong key, damaged file or malformed key."""


def new_identity() -> str:
    """A fresh X25519 secret key (AGE-SECRET-KEY-1...)."""
    return str(pyrage.x25519.Identity.generate())


def recipient_of(identity: str) -> str:
    """The public key (age1...) of a secret key. AgeError when malformed."""
    return str(_identity(identity).to_public())


def check_recipient(recipient: str) -> None:
    """AgeError when the text is not an X25519 public key."""
    _recipient(recipient)


def encrypt(data: bytes, recipient: str) -> bytes:
    """A binary age file for one recipient."""
    return bytes(pyrage.encrypt(data, [_recipient(recipient)]))


def decrypt(data: bytes, identity: str) -> bytes:
    """The content of an age file. AgeError when the key does not fit or the file is damaged."""
    try:
        return bytes(pyrage.decrypt(data, [_identity(identity)]))
    except (pyrage.DecryptError, OSError) as error:
        raise AgeError(str(error)) from None


def encrypt_stream(source: Reader, sink: Writer, recipients: Sequence[str]) -> None:
    """Encrypt in constant memory. AgeError when a recipient is malformed; what source and sink raise comes through."""
    for recipient in recipients:
        check_recipient(recipient)
    agestream.encrypt(source, sink, recipients)


def decrypt_stream(source: Reader, sink: Writer, identity: str) -> None:
    """Decrypt in constant memory; what source and sink raise comes through.

    What has been written may be used only after the return: a file cut short is noticed at its end.

    Raises:
        AgeError: the key does not fit or the file is damaged.
    """
    _identity(identity)
    try:
        agestream.decrypt(source, sink, identity)
    except agestream.Damaged as error:
        raise AgeError(str(error)) from None


def _identity(text: str) -> pyrage.x25519.Identity:
    try:
        return pyrage.x25519.Identity.from_str(text)
    except pyrage.IdentityError as error:
        raise AgeError(str(error)) from None


def _recipient(text: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise AgeError(str(error)) from None
