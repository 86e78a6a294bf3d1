"""HMAC-DRBG with SHA-256 (NIST SP 800-90A Rev. 1, section 10.1.2), as a stream of reproducible fair numbers.

Used where everybody must be able to recompute a draw, never for keys.
"""

from __future__ import annotations

import hashlib
import hmac

_MOST = 1 << 16
_WORD = 1 << 64


class HmacDrbg:
    """The generator without reseeding and without additional input.

    Args:
        entropy: the seed, at least 32 bytes.
        nonce: as in the standard.
        personalization: separates uses of one seed.
    """

    def __init__(self, entropy: bytes, nonce: bytes = b"", personalization: bytes = b"") -> None:
        if len(entropy) < 32:
            raise ValueError("a seed has at least 32 bytes")
        self._key = bytes(32)
        self._value = b"\x01" * 32
        self._update(entropy + nonce + personalization)

    def generate(self, size: int) -> bytes:
        """The next ``size`` bytes (at most 65,536 in one call, as in the standard)."""
        if not 0 <= size <= _MOST:
            raise ValueError(f"between 0 and {_MOST} bytes in one call")
        out = b""
        while len(out) < size:
            self._value = self._hmac(self._value)
            out += self._value
        self._update(b"")
        return out[:size]

    def below(self, bound: int) -> int:
        """A number from 0 to ``bound`` - 1, each equally likely.

        Takes 8 bytes per try as a big-endian number and refuses those at or above the largest multiple of ``bound``,
        since a plain remainder would favour small numbers.
        """
        if not 0 < bound <= _WORD:
            raise ValueError("a bound lies between 1 and 2**64")
        limit = _WORD - _WORD % bound
        while True:
            number = int.from_bytes(self.generate(8), "big")
            if number < limit:
                return number % bound

    def _hmac(self, data: bytes) -> bytes:
        return hmac.new(self._key, data, hashlib.sha256).digest()

    def _update(self, data: bytes) -> None:
        for mark in (b"\x00", b"\x01") if data else (b"\x00",):
            self._key = self._hmac(self._value + mark + data)
            self._value = self._hmac(self._value)
