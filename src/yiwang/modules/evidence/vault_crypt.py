"""What makes the vault look like noise: its key, a key stream for each upload, sealed places of its index.

The key is a file beside the blinding key (``<data>/blinding/vault``) under the same rules: strict modes, never made anew
while there is a vault, to be backed up apart from it. A tenderer's envelope is sealed long before it comes here; this
layer hides only how much of the vault is in use.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.evidence import blinding

FILE = "vault"
NONCE = 12
OVERHEAD = NONCE + 16
"""Bytes by which a sealed place is longer than its content."""

_AES = 16


class VaultFault(YiwangError):
    """The vault is damaged, or its key is missing or another one."""

    status = 500

    def __init__(self, zh: str, en: str, passes: Text | None = None) -> None:
        super().__init__(Reason("vault", Text(zh, en), passes=passes))


class VaultKey:
    """32 secret bytes, and what is done with them."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._places = AESGCM(_derived(secret, b"yiwang vault index v1"))

    def seal(self, content: bytes, place: bytes) -> bytes:
        """Content of a place of the index, with a fresh nonce."""
        nonce = secrets.token_bytes(NONCE)
        return nonce + self._places.encrypt(nonce, content, place)

    def open(self, sealed: bytes, place: bytes) -> bytes | None:
        """What :meth:`seal` was given; None when it was sealed for another place or with another key, torn or altered."""
        try:
            return self._places.decrypt(sealed[:NONCE], sealed[NONCE:], place)
        except (InvalidTag, ValueError):
            return None

    def stream(self, upload: str, offset: int) -> CipherContext:
        """The key stream of an upload from an offset in bytes on; its ``update`` both hides and shows."""
        key = _derived(self._secret, b"yiwang vault upload v1 " + upload.encode())
        cipher = Cipher(algorithms.AES(key), modes.CTR((offset // _AES).to_bytes(_AES, "big"))).encryptor()
        cipher.update(bytes(offset % _AES))
        return cipher


def load(folder: Path, may_make: Callable[[], bool]) -> VaultKey:
    """The key in the blinding key's folder.

    Args:
        may_make: asked when there is none, whether a fresh one may be made (there is no vault yet).

    Raises:
        BlindingFault: one that others can read.
        VaultFault: there is none, and none may be made.
    """
    secret = blinding.secret_in(folder / FILE, may_make)
    if secret is None:
        raise VaultFault(
            f"缺少密封库的密钥 {folder / FILE}，已收的密封文件读不出来",
            f"the vault's key {folder / FILE} is missing; the sealed files that came cannot be read",
            Text("从密钥备份恢复这个文件", "restore the file from the backup of the keys"),
        )
    return VaultKey(secret)


def noise() -> CipherContext:
    """A source of random bytes, fast: the key stream of a key that is thrown away (``update`` of zeros gives them)."""
    return Cipher(algorithms.AES(secrets.token_bytes(32)), modes.CTR(bytes(_AES))).encryptor()


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return hmac.new(secret, purpose, hashlib.sha256).digest()
