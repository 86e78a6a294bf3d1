"""Large age files: the same standard format (C2SP age v1, X25519 recipients), with the primitives of OpenSSL.

The age library that :mod:`yiwang.seal.age` uses for small things computes ChaCha20-Poly1305 at a fifth of what OpenSSL does, and
hands over 8 KiB at a time. A sealed bid may have gigabytes, so its payload goes through here. What this writes, every age
program reads, and the other way round; the tests compare it with two of them, damage included.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CHUNK = 65536
TAG = 16
_MANY = 4
"""Chunks that are read and written at once: 256 KiB, which processors keep close."""

_INTRO = b"age-encryption.org/v1\n"
_X25519 = b"age-encryption.org/v1/X25519"
_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_MOST_HEADER = 256 * 1024
_STANZA = re.compile(rb"-> ([!-~]+(?: [!-~]+)*)\n")
_MAC = re.compile(rb"--- ([A-Za-z0-9+/]{43})\n")
_FULL = re.compile(rb"[A-Za-z0-9+/]{64}\n")
_LAST = re.compile(rb"([A-Za-z0-9+/]{0,63})\n")


class Damaged(Exception):
    """The bytes are no age file that this key opens, or were changed or cut short."""


class Reader(Protocol):
    """What is encrypted or decrypted."""

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes; empty at the end."""


class Writer(Protocol):
    """Where the result goes."""

    def write(self, data: bytes | memoryview, /) -> int:
        """Take bytes, which are not changed afterwards."""


def encrypt(source: Reader, sink: Writer, recipients: Sequence[str]) -> None:
    """Encrypt in constant memory to valid recipients (``age1...``); what source and sink raise comes through."""
    file_key, nonce = secrets.token_bytes(16), secrets.token_bytes(16)
    header = _INTRO + b"".join(_stanza(file_key, raw_key(each)) for each in recipients) + b"---"
    sink.write(header + b" " + _to_base64(_mac(file_key, header)) + b"\n" + nonce)
    cipher = ChaCha20Poly1305(_derive(file_key, nonce, b"payload"))
    number = 0
    for block, last in _blocks(source, CHUNK * _MANY):
        done = memoryview(bytearray(len(block) + max(1, -(-len(block) // CHUNK)) * TAG))
        at = 0
        for chunk, end in _chunks(block, CHUNK, last=last):
            at += cipher.encrypt_into(_nonce(number, last=end), chunk, None, done[at : at + len(chunk) + TAG])
            number += 1
        sink.write(done)


def decrypt(source: Reader, sink: Writer, identity: str) -> None:
    """Decrypt in constant memory with a valid identity; what source and sink raise comes through.

    Raises:
        Damaged: also when all but the end of the file was in order; what was written before must not be used.
    """
    header = _read_header(source)
    file_key = _file_key(header, identity)
    nonce = _exactly(source, 16)
    cipher = ChaCha20Poly1305(_derive(file_key, nonce, b"payload"))
    number = 0
    for block, last in _blocks(source, (CHUNK + TAG) * _MANY):
        done = memoryview(bytearray(len(block)))
        at = 0
        for chunk, end in _chunks(block, CHUNK + TAG, last=last):
            at += _opened(cipher, number, chunk, done[at:], last=end)
            number += 1
        sink.write(done[:at])


def _opened(cipher: ChaCha20Poly1305, number: int, chunk: memoryview, into: memoryview, *, last: bool) -> int:
    """Decrypt a chunk into the beginning of ``into``; how many bytes it has."""
    if len(chunk) < TAG or (len(chunk) == TAG and number):
        raise Damaged("the file ends with an empty chunk")
    try:
        return cipher.decrypt_into(_nonce(number, last=last), chunk, None, into[: len(chunk) - TAG])
    except InvalidTag:
        raise Damaged(f"chunk {number} is damaged") from None


def raw_key(text: str) -> bytes:
    """The 32 bytes in the Bech32 text of a valid recipient or identity."""
    number = 0
    for letter in text.lower().rpartition("1")[2][:-6]:
        number = number << 5 | _LETTERS.index(letter)
    return (number >> 4).to_bytes(32, "big")


def _blocks(source: Reader, size: int) -> Iterator[tuple[memoryview, bool]]:
    """The rest of the source in blocks of ``size`` bytes, each with whether it is the last; the last may be shorter."""
    held = _exactly(source, size, short=True)
    while True:
        following = _exactly(source, size, short=True) if len(held) == size else b""
        yield memoryview(held), not following
        if not following:
            return
        held = following


def _chunks(block: memoryview, size: int, *, last: bool) -> Iterator[tuple[memoryview, bool]]:
    """A block in chunks; the very last chunk of the file is marked."""
    for at in range(0, max(1, len(block)), size):
        yield block[at : at + size], last and at + size >= len(block)


def _exactly(source: Reader, size: int, *, short: bool = False) -> bytes:
    """So many bytes; fewer only at the source's end, and when that is allowed."""
    data = source.read(size)
    if len(data) < size and data:
        parts = [data]
        while (missing := size - sum(map(len, parts))) and (more := source.read(missing)):
            parts.append(more)
        data = b"".join(parts)
    if len(data) < size and not short:
        raise Damaged("the file is cut short")
    return data


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _derive(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt or None, info).derive(key)


def _mac(file_key: bytes, header: bytes) -> bytes:
    return hmac.digest(_derive(file_key, b"", b"header"), header, hashlib.sha256)


# --- the header -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Header:
    stanzas: tuple[tuple[tuple[bytes, ...], bytes], ...]
    signed: bytes
    mac: bytes


def _stanza(file_key: bytes, recipient: bytes) -> bytes:
    """The file key for one recipient."""
    private = X25519PrivateKey.generate()
    share = private.public_key().public_bytes_raw()
    key = _derive(private.exchange(X25519PublicKey.from_public_bytes(recipient)), share + recipient, _X25519)
    body = ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None)
    return b"-> X25519 " + _to_base64(share) + b"\n" + _to_base64(body) + b"\n"


def _file_key(header: _Header, identity: str) -> bytes:
    """The file key out of the stanza that was made for this identity."""
    private = X25519PrivateKey.from_private_bytes(raw_key(identity))
    for arguments, body in header.stanzas:
        if arguments[0] != b"X25519":
            continue
        found = _unwrap(private, arguments, body)
        if found is not None:
            if not hmac.compare_digest(_mac(found, header.signed), header.mac):
                raise Damaged("the header was changed")
            return found
    raise Damaged("no stanza is for this key")


def _unwrap(private: X25519PrivateKey, arguments: tuple[bytes, ...], body: bytes) -> bytes | None:
    if len(arguments) != 2 or len(body) != 32:
        raise Damaged("an X25519 stanza is malformed")
    share = _from_base64(arguments[1])
    if len(share) != 32:
        raise Damaged("an X25519 share has not 32 bytes")
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError:
        raise Damaged("an X25519 share is of low order") from None
    key = _derive(shared, share + private.public_key().public_bytes_raw(), _X25519)
    try:
        return ChaCha20Poly1305(key).decrypt(bytes(12), body, None)
    except InvalidTag:
        return None


def _read_header(source: Reader) -> _Header:
    """Read up to the MAC line, byte by byte of lines that are short: the source need not be seekable."""
    lines = _Lines(source)
    if lines.next() != _INTRO:
        raise Damaged("it does not begin with age-encryption.org/v1")
    stanzas: list[tuple[tuple[bytes, ...], bytes]] = []
    while True:
        line = lines.next()
        if mac := _MAC.fullmatch(line):
            if not stanzas:
                raise Damaged("the header names no recipient")
            return _Header(tuple(stanzas), lines.seen[: -len(line)] + b"---", _from_base64(mac[1]))
        start = _STANZA.fullmatch(line)
        if start is None:
            raise Damaged("the header is malformed")
        stanzas.append((tuple(start[1].split(b" ")), _body(lines)))


def _body(lines: _Lines) -> bytes:
    text = b""
    while _FULL.fullmatch(line := lines.next()):
        text += line[:-1]
    last = _LAST.fullmatch(line)
    if last is None:
        raise Damaged("the body of a stanza is malformed")
    return _from_base64(text + last[1])


class _Lines:
    """Lines of a header; ``seen`` holds all that were read."""

    def __init__(self, source: Reader) -> None:
        self.source, self.seen = source, b""

    def next(self) -> bytes:
        """The next line with its end."""
        line = bytearray()
        while not line.endswith(b"\n"):
            byte = self.source.read(1)
            if not byte or len(self.seen) + len(line) > _MOST_HEADER:
                raise Damaged("the header has no end")
            line += byte
        self.seen += line
        return bytes(line)


def _to_base64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _from_base64(text: bytes) -> bytes:
    """Strict: standard letters, no padding, no stray bits."""
    try:
        data = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        raise Damaged("text that is no base64") from None
    if _to_base64(data) != text:
        raise Damaged("base64 that is not canonical")
    return data
