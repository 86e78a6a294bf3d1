"""What can be told about a standard binary age file without any key: its stanzas and the size of its plaintext.

Source: C2SP age specification v1. The payload is a 16-byte nonce and chunks of 64 KiB, each with a 16-byte tag.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import BinaryIO

_MAGIC = b"age-encryption.org/v1\n"
_LINE = 256
_LINES = 64
_CHUNK = 65536
_TAG = 16
_MAC = re.compile(rb"--- [A-Za-z0-9+/]{43}\n")
_BODY = re.compile(rb"[A-Za-z0-9+/]{0,64}\n")


class NotAge(ValueError):
    """The bytes are not a binary age file; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class AgeFile:
    """``stanzas``: their types in order, without the random "grease" ones; ``plaintext``: size in bytes."""

    stanzas: tuple[str, ...]
    plaintext: int


def inspect(file: BinaryIO, size: int) -> AgeFile:
    """Read the header of an age file of ``size`` bytes that begins at the file's position. NotAge when malformed."""
    start = file.tell()
    if file.read(len(_MAGIC)) != _MAGIC:
        raise NotAge("it does not begin with age-encryption.org/v1")
    stanzas = _stanzas(file)
    return AgeFile(stanzas, plaintext_size(size - (file.tell() - start)))


def _stanzas(file: BinaryIO) -> tuple[str, ...]:
    """Types of the stanzas up to the MAC line; afterwards the file stands at the payload."""
    kinds: list[str] = []
    for _ in range(_LINES):
        line = file.readline(_LINE)
        if line.startswith(b"---"):
            if not _MAC.fullmatch(line):
                raise NotAge("the MAC line is malformed")
            return tuple(kinds)
        if line.startswith(b"-> ") and line.endswith(b"\n"):
            kind = line[3:-1].split(b" ")[0].decode("ascii", "replace")
            # Implementations add a random stanza ("grease") so that readers learn to ignore unknown ones.
            if not kind.endswith("-grease"):
                kinds.append(kind)
        elif not _BODY.fullmatch(line):
            raise NotAge("the header is malformed")
    raise NotAge("the header has no end")


def plaintext_size(payload: int) -> int:
    """Bytes of plaintext in ``payload`` bytes after the header. NotAge when no plaintext has that size."""
    chunks, rest = divmod(payload - 16, _CHUNK + _TAG)
    if payload < 16 + _TAG or (0 < rest < _TAG) or (rest == _TAG and chunks > 0):
        raise NotAge("it is cut short")
    return chunks * _CHUNK + (rest - _TAG if rest else 0)
