"""Reading a stored log (C2SP tlog-tiles): tiles, bundles, subtree hashes, entries, for a given size."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Generic, TypeVar

from yiwang.tlog import layout, merkle
from yiwang.tlog.errors import LogDamaged, ProofError

_T = TypeVar("_T")


class _Cache(Generic[_T]):
    """The last ``limit`` values that were asked for."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[tuple[int, int, int], _T] = OrderedDict()

    def get(self, key: tuple[int, int, int], make: Callable[[], _T]) -> _T:
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        value = self._kept[key] = make()
        if len(self._kept) > self._limit:
            self._kept.popitem(last=False)
        return value


class TileReader:
    """The first ``size`` entries of the log in a folder. Full tiles never change, so they are cached."""

    def __init__(self, directory: Path, size: int) -> None:
        self.directory = directory
        self.size = size
        self._pyramids: _Cache[list[list[bytes]]] = _Cache(256)
        self._bundles: _Cache[list[bytes]] = _Cache(64)

    def width(self, level: int, index: int) -> int:
        """Hashes in the tile ``index`` of a level (entries in the bundle, for level 0) at this size."""
        return max(0, min(layout.WIDTH, (self.size >> (layout.HEIGHT * level)) - index * layout.WIDTH))

    def read_tile(self, level: int, index: int, width: int) -> list[bytes]:
        """The first ``width`` hashes of a tile, from disk; the full tile serves when the partial one is gone.

        Raises:
            LogDamaged: missing or of the wrong length.
        """
        path, data = self._read(level, index, width)
        try:
            hashes = layout.split_tile(data)
        except ValueError:
            raise damaged_length(path) from None
        return self._prefix(path, hashes, width)

    def read_bundle(self, index: int, width: int) -> list[bytes]:
        """The first ``width`` entries of a bundle, from disk; errors as :meth:`read_tile`."""
        path, data = self._read("entries", index, width)
        try:
            entries = layout.split_bundle(data)
        except ValueError:
            raise damaged_length(path) from None
        return self._prefix(path, entries, width)

    def hash_at(self, level: int, index: int) -> bytes:
        """Hash of the complete subtree over the leaves index * 2**level up to (index + 1) * 2**level.

        Raises:
            ProofError: it is not within the size.
            LogDamaged: its tile is missing or short.
        """
        if level < 0 or index < 0 or (index + 1) << level > self.size:
            raise ProofError(f"树中没有子树 ({level}, {index})", f"no subtree ({level}, {index}) in this tree")
        tile_level, height = divmod(level, layout.HEIGHT)
        tile, offset = divmod(index << height, layout.WIDTH)
        width = self.width(tile_level, tile)
        levels = self._pyramids.get(
            (tile_level, tile, width), lambda: layout.pyramid(self.read_tile(tile_level, tile, width))
        )
        return levels[height][offset >> height]

    def entry(self, index: int) -> bytes:
        """One entry's bytes; ProofError when there is none at this index."""
        if not 0 <= index < self.size:
            raise ProofError(f"没有第 {index} 号条目：共 {self.size} 条", f"no entry {index} of {self.size}")
        number, offset = divmod(index, layout.WIDTH)
        width = self.width(0, number)
        return self._bundles.get((0, number, width), lambda: self.read_bundle(number, width))[offset]

    def entries(self, start: int, stop: int) -> Iterator[bytes]:
        """Entries start..stop in order; ProofError when they are not all there."""
        if not 0 <= start <= stop <= self.size:
            raise ProofError(f"没有条目 {start} 至 {stop}", f"no entries {start} to {stop} of {self.size}")
        return (self.entry(index) for index in range(start, stop))

    def root(self) -> bytes:
        """Root at this size, from the tiles."""
        return merkle.tree_root(self.size, self.hash_at)

    def _read(self, level: int | str, index: int, width: int) -> tuple[str, bytes]:
        path = layout.tile_path(level, index, width)
        for name in dict.fromkeys((path, layout.tile_path(level, index))):
            try:
                return name, (self.directory / name).read_bytes()
            except FileNotFoundError:
                continue
        raise LogDamaged(path, "缺失", "is missing")

    @staticmethod
    def _prefix(path: str, items: list[bytes], width: int) -> list[bytes]:
        if len(items) != width and not (len(items) == layout.WIDTH and ".p/" not in path):
            raise damaged_length(path)
        return items[:width]


def damaged_length(path: str) -> LogDamaged:
    """The file has not the length that it must have."""
    return LogDamaged(path, "长度不对", "has the wrong length")
