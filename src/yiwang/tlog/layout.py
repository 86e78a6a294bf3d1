"""C2SP tlog-tiles v0.1.0: paths, tiles and entry bundles as bytes. Nothing is stored here: see :mod:`.tiles`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from yiwang.kernel.text import Text
from yiwang.tlog.errors import ProofError
from yiwang.tlog.merkle import HASH_SIZE, node_hash

WIDTH = 256
"""Hashes in a full tile, entries in a full bundle."""

HEIGHT = 8
"""Tree levels in a tile."""

MAX_ENTRY = 65_535
"""Longest entry in bytes: its length is a uint16 ("Log entries")."""


def tile_path(level: int | str, index: int, width: int = WIDTH) -> str:
    """``tile/<L>/<N>[.p/<W>]`` ("Merkle Tree"); level ``entries`` for bundles."""
    groups = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        groups.append(f"x{index % 1000:03d}")
    suffix = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/" + "/".join(reversed(groups)) + suffix


def frame(entry: bytes) -> bytes:
    """An entry as it stands in a bundle: big-endian uint16 length, bytes.

    Raises:
        ProofError: longer than 65,535 bytes.
    """
    if len(entry) > MAX_ENTRY:
        limit = Text(f"不超过 {MAX_ENTRY} 字节", f"at most {MAX_ENTRY} bytes")
        raise ProofError(f"日志条目有 {len(entry)} 字节", f"the log entry has {len(entry)} bytes", passes=limit)
    return len(entry).to_bytes(2, "big") + entry


def split_bundle(data: bytes) -> list[bytes]:
    """The entries of a bundle; ValueError when it ends inside one."""
    entries, position = [], 0
    end = len(data)
    while position < end:
        stop = position + 2 + (data[position] << 8 | data[position + 1]) if position + 2 <= end else end + 1
        if stop > end:
            raise ValueError("the bundle ends inside an entry")
        entries.append(data[position + 2 : stop])
        position = stop
    return entries


def split_tile(data: bytes) -> list[bytes]:
    """The hashes of a tile; ValueError when its length is not a multiple of 32."""
    if len(data) % HASH_SIZE:
        raise ValueError("the tile ends inside a hash")
    return [data[start : start + HASH_SIZE] for start in range(0, len(data), HASH_SIZE)]


def pyramid(hashes: Sequence[bytes]) -> list[list[bytes]]:
    """All complete subtrees over a tile's hashes: ``pyramid[height][index]``, height 0 the hashes themselves."""
    levels = [list(hashes)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])
    return levels


def full_root(hashes: Sequence[bytes]) -> bytes:
    """The hash of a full tile of 256 hashes, as it stands in the tile above."""
    return pyramid(hashes)[HEIGHT][0]


def peaks(hashes: Sequence[bytes]) -> list[bytes]:
    """Roots of the complete subtrees over a partial tile's hashes, largest first."""
    levels, width = pyramid(hashes), len(hashes)
    return [levels[h][(width >> h) - 1] for h in range(width.bit_length() - 1, -1, -1) if width >> h & 1]


def edges(size: int) -> list[int]:
    """Width of the partial tile at each level of a tree of ``size`` leaves, level 0 first ("Partial Tiles")."""
    widths = []
    while size:
        widths.append(size % WIDTH)
        size //= WIDTH
    return widths


def spans(old: int, new: int) -> Iterable[tuple[int, int]]:
    """Index and new width of each tile that changes when a level grows from ``old`` to ``new`` hashes."""
    for index in range(old // WIDTH, (new - 1) // WIDTH + 1):
        yield index, min(WIDTH, new - index * WIDTH)
