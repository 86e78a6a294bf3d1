"""Re-hash a stored log against its root and name the first file that is wrong."""

from __future__ import annotations

from yiwang.tlog import layout
from yiwang.tlog.errors import LogDamaged
from yiwang.tlog.merkle import fold_peaks, leaf_hash
from yiwang.tlog.reader import TileReader

STATE = "state"


def edge_root(edge: list[list[bytes]]) -> bytes:
    """Root from the partial tiles at the right edge, level 0 first."""
    return fold_peaks([peak for hashes in reversed(edge) for peak in layout.peaks(hashes)])


def read_edge(reader: TileReader) -> list[list[bytes]]:
    """The partial tiles of the reader's size, level 0 first; an empty list where a level has none."""
    return [
        reader.read_tile(level, (reader.size >> (layout.HEIGHT * level)) // layout.WIDTH, width) if width else []
        for level, width in enumerate(layout.edges(reader.size))
    ]


def check_edge(reader: TileReader, root: bytes) -> list[list[bytes]]:
    """The right edge hashes to the root and the last bundle to its tile; returns the partial tiles.

    Raises:
        LogDamaged: naming the tile, the bundle, or the state file that is wrong.
    """
    edge = read_edge(reader)
    if edge_root(edge) != root:
        raise _edge_fault(reader, edge)
    if reader.size:
        _check_bundle(reader, (reader.size - 1) // layout.WIDTH)
    return edge


def check(reader: TileReader, root: bytes, start: int = 0) -> None:
    """Re-hash every tile and bundle that covers an entry from ``start`` on.

    From the root downwards: each tile is judged by the tile above it, which was found right; each bundle by its
    level-0 tile. So the first file named is itself wrong, not merely beside one that is.

    Raises:
        LogDamaged: the first tile or bundle that is wrong, or the state file when all tiles agree with each other.
    """
    check_edge(reader, root)
    for level in range(len(layout.edges(reader.size)) - 2, -1, -1):
        full = reader.size >> (layout.HEIGHT * (level + 1))
        for index in range(start >> (layout.HEIGHT * (level + 1)), full):
            _check_full_tile(reader, level, index)
    for index in range(start // layout.WIDTH, -(-reader.size // layout.WIDTH)):
        _check_bundle(reader, index)


def _check_full_tile(reader: TileReader, level: int, index: int) -> None:
    parent, offset = divmod(index, layout.WIDTH)
    above = reader.read_tile(level + 1, parent, reader.width(level + 1, parent))
    if layout.full_root(reader.read_tile(level, index, layout.WIDTH)) != above[offset]:
        raise _wrong(layout.tile_path(level, index))


def _check_bundle(reader: TileReader, index: int) -> None:
    width = reader.width(0, index)
    hashes = [leaf_hash(entry) for entry in reader.read_bundle(index, width)]
    if hashes != reader.read_tile(0, index, width):
        raise _wrong(layout.tile_path("entries", index, width))


def _edge_fault(reader: TileReader, edge: list[list[bytes]]) -> LogDamaged:
    """The edge does not give the root: which of its tiles differs from what lies below it?"""
    for level, hashes in enumerate(edge):
        index = (reader.size >> (layout.HEIGHT * level)) // layout.WIDTH
        if level == 0:
            below = [leaf_hash(entry) for entry in reader.read_bundle(index, len(hashes))] if hashes else []
        else:
            first = index * layout.WIDTH
            below = [layout.full_root(reader.read_tile(level - 1, first + i, layout.WIDTH)) for i in range(len(hashes))]
        if below != hashes:
            return _wrong(layout.tile_path(level, index, len(hashes)))
    return _wrong(STATE)


def _wrong(path: str) -> LogDamaged:
    return LogDamaged(path, "内容与哈希树不符", "does not fit the hash tree")
