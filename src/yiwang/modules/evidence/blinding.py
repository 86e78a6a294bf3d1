"""The blinding key: what the database holds of acts whose very existence is secret is unreadable without it.

The key is a file beside the log's keys, in a folder of its own, never in the database: a dump, a backup of the database
or a reporting role tells nothing. Two uses, with keys of their own derived from it: sealing a row's content (AES-256-GCM,
padded to one size), and handles, by which the program finds rows again that a reader cannot connect.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from yiwang.kernel.canonical import canonical
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason

FILE = "key"
SIZE = 2048
"""Bytes to which a row's content is padded (a bid's act takes 1,300 to 1,600); longer ones to the next multiple."""

_NONCE = 12


class BlindingFault(YiwangError):
    """The blinding key is missing, readable by others, or not the one that a row was sealed with."""

    status = 500

    def __init__(self, zh: str, en: str, passes: Text | None = None) -> None:
        super().__init__(Reason("blinding", Text(zh, en), passes=passes))


class BlindingKey:
    """32 secret bytes, and what is done with them."""

    def __init__(self, secret: bytes) -> None:
        self._handles = _derived(secret, b"yiwang handle v1")
        self._box = AESGCM(_derived(secret, b"yiwang blind row v1"))

    def handle(self, *names: str | int) -> str:
        """A name that nobody can compute or connect without the key: 64 hex digits."""
        return _handle(self._handles, names)

    def seal(self, content: bytes, entry: bytes) -> bytes:
        """Content (without NUL bytes) of a row whose log entry is given; of one length for all that fits :data:`SIZE`."""
        padded = content + bytes(-len(content) % SIZE)
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._box.encrypt(nonce, padded, entry)

    def open(self, sealed: bytes, entry: bytes) -> bytes:
        """What :meth:`seal` was given.

        Raises:
            BlindingFault: sealed with another key, for another entry, or altered.
        """
        try:
            return self._box.decrypt(sealed[:_NONCE], sealed[_NONCE:], entry).rstrip(b"\0")
        except (InvalidTag, ValueError):
            raise BlindingFault(
                "盲行打不开：内容被改动，或盲化密钥不是当时的那一把",
                "a blind row does not open: it was altered, or the blinding key is another one",
                Text("恢复当时的盲化密钥文件", "restore the blinding key of that time"),
            ) from None


@lru_cache(maxsize=1 << 16)  # in the last minute before a deadline each act asks for those of all that came before it
def _handle(secret: bytes, names: tuple[str | int, ...]) -> str:
    return hmac.digest(secret, canonical(list(names)), hashlib.sha256).hex()


def folder_of(log: Path) -> Path:
    """The key's folder, beside the log's."""
    return log.parent / "blinding"


def load(folder: Path, may_make: Callable[[], bool] = lambda: False) -> BlindingKey:
    """The key in a folder (mode 0700, file 0600), read anew each time: 50 microseconds.

    Args:
        folder: see :func:`folder_of`.
        may_make: asked when there is none, whether a fresh one may be made.

    Raises:
        BlindingFault: no key and none to be made, or one that others can read.
    """
    path = folder / FILE
    secret = secret_in(path, may_make)
    if secret is None:
        raise BlindingFault(
            f"缺少盲化密钥 {path}，数据库中有用它封存的投标记录",
            f"the blinding key {path} is missing; the database has records of bids that were sealed with it",
            Text("从密钥备份恢复这个文件", "restore the file from the backup of the keys"),
        )
    return BlindingKey(secret)


def secret_in(path: Path, may_make: Callable[[], bool]) -> bytes | None:
    """The 32 bytes of a key file (mode 0600), fresh ones if it is absent and ``may_make`` says yes; None otherwise.

    Raises:
        BlindingFault: others can read it.
    """
    secret = _read(path)
    if secret is None and may_make():
        _make(path)
        secret = _read(path)
    return secret


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            lax = os.fstat(file.fileno()).st_mode & 0o077
            secret = file.read()
    except FileNotFoundError:
        return None
    if lax or len(secret) != 32:
        raise BlindingFault(
            f"盲化密钥 {path} 的权限过宽或长度不对",
            f"the blinding key {path} can be read by others, or has not 32 bytes",
            Text("权限应为 0600", "its mode must be 0600"),
        )
    return secret


def _make(path: Path) -> None:
    """A fresh key, written under a temporary name and linked, so that two processes agree on one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, secrets.token_bytes(32))
        os.fsync(handle)
    finally:
        os.close(handle)
    with suppress(FileExistsError):
        path.hardlink_to(fresh)
    fresh.unlink()


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return hmac.new(secret, purpose, hashlib.sha256).digest()
