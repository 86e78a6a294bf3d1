"""RFC 6962 section 2.1 and the paths of tlog-tiles, word by word and recursive: none of our own code is used here."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256


class Tree:
    """The tree over ``entry(0), entry(1), ...``. Hashes are kept by ``key(start, stop)``: equal keys, equal leaves."""

    def __init__(self, entry: Callable[[int], bytes], key: Callable[[int, int], object] = lambda *span: span) -> None:
        self.entry = entry
        self._key = key
        self._kept: dict[object, bytes] = {}

    def root(self, start: int, stop: int) -> bytes:
        """MTH(D[start:stop])."""
        if start == stop:
            return sha256(b"").digest()
        key = self._key(start, stop)
        if key not in self._kept:
            if stop - start == 1:
                value = sha256(b"\x00" + self.entry(start)).digest()
            else:
                middle = start + largest_power_below(stop - start)
                value = sha256(b"\x01" + self.root(start, middle) + self.root(middle, stop)).digest()
            self._kept[key] = value
        return self._kept[key]

    def path(self, m: int, start: int, stop: int) -> list[bytes]:
        """PATH(m, D[start:stop]), section 2.1.1."""
        if stop - start == 1:
            return []
        k = largest_power_below(stop - start)
        if m < k:
            return [*self.path(m, start, start + k), self.root(start + k, stop)]
        return [*self.path(m - k, start + k, stop), self.root(start, start + k)]

    def proof(self, m: int, n: int) -> list[bytes]:
        """PROOF(m, D[n]), section 2.1.2, for 0 < m <= n."""
        return self._subproof(m, 0, n, known=True)

    def _subproof(self, m: int, start: int, stop: int, *, known: bool) -> list[bytes]:
        if m == stop - start:
            return [] if known else [self.root(start, stop)]
        k = largest_power_below(stop - start)
        if m <= k:
            return [*self._subproof(m, start, start + k, known=known), self.root(start + k, stop)]
        return [*self._subproof(m - k, start + k, stop, known=False), self.root(start, start + k)]

    def tile(self, level: int, number: int, width: int) -> bytes:
        """MTH(D[(n*256+i)*256**l : (n*256+i+1)*256**l]) for i = 0..width-1, as tlog-tiles has it."""
        span = 256**level
        first = number * 256
        return b"".join(self.root((first + i) * span, (first + i + 1) * span) for i in range(width))

    def bundle(self, number: int, width: int) -> bytes:
        """Entries, each behind its length as a big-endian uint16."""
        entries = [self.entry(number * 256 + i) for i in range(width)]
        return b"".join(bytes(divmod(len(entry), 256)) + entry for entry in entries)

    def files(self, size: int) -> dict[str, bytes]:
        """Every tile and bundle that must be served for a tree of this size."""
        found = {}
        for number in range(-(-size // 256)):
            width = min(256, size - number * 256)
            found[path("entries", number, width)] = self.bundle(number, width)
        level = 0
        while count := size // 256**level:
            for number in range(-(-count // 256)):
                width = min(256, count - number * 256)
                found[path(level, number, width)] = self.tile(level, number, width)
            level += 1
        return found


def largest_power_below(n: int) -> int:
    """The largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def path(level: int | str, number: int, width: int) -> str:
    """``tile/<L>/<N>[.p/<W>]`` with N in groups of three digits, all but the last behind an x."""
    digits = str(number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    name = f"tile/{level}/" + "".join(f"x{group}/" for group in groups[:-1]) + groups[-1]
    return name if width == 256 else f"{name}.p/{width}"
