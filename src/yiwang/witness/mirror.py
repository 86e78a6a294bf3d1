"""A mirror: a full copy of a log, each entry hashed into the signed root before it is kept.

Entries are fetched in bundles into a staging folder. Only when together with the copy they give exactly the
checkpoint's root are they appended to the copy, whose tiles are thus computed here and not taken over from the log. A
copy that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from yiwang.tlog import files, layout, served
from yiwang.tlog.checkpoint import Checkpoint
from yiwang.tlog.errors import LogDamaged, ProofError
from yiwang.tlog.merkle import CompactRange, leaf_hash, peak_nodes
from yiwang.tlog.tiles import TileLog
from yiwang.witness.source import Source, SourceError

_AT_ONCE = 16
"""Bundles that are appended in one step: at most 4,096 entries in memory."""


class MirrorBehind(Exception):
    """The copy is not complete yet: the log's files cannot be had, or there was not enough time. Try again."""


class MirrorConflict(Exception):
    """What the log serves, or what is in the copy, does not hash to the checkpoint that it signed."""


class Mirror:
    """The copy of one log in a folder. One thread at a time may call :meth:`catch_up` or :meth:`publish`."""

    def __init__(self, folder: Path, source: Source, timer: Callable[[], float] = time.monotonic) -> None:
        self._folder, self._source, self._timer = folder, source, timer
        self._staging = folder.with_name(f"{folder.name}.staging")
        folder.mkdir(parents=True, exist_ok=True)
        self._log = TileLog(folder)

    @property
    def size(self) -> int:
        """Entries in the copy."""
        return self._log.size

    def catch_up(self, target: Checkpoint, seconds: float) -> None:
        """Copy everything up to a checkpoint whose signature and consistency were checked.

        Raises:
            MirrorBehind: not yet; what was fetched is kept for the next time.
            MirrorConflict: the entries are not those of the checkpoint; nothing was added.
        """
        end = self._timer() + seconds
        if self._log.size > target.size:
            raise MirrorConflict(f"the copy has {self._log.size} entries, the checkpoint {target.size}")
        try:
            if self._stage(target.size, end).root() != target.root:
                shutil.rmtree(self._staging, ignore_errors=True)
                raise MirrorConflict(f"the entries do not give the root of size {target.size}")
            self._append(target.size)
            if self._log.root() != target.root:
                raise MirrorConflict(f"the copy in {self._folder} is damaged")
        except (SourceError, OSError) as error:
            raise MirrorBehind(str(error)) from error
        except (LogDamaged, ProofError, ValueError) as error:
            raise MirrorConflict(str(error)) from error
        shutil.rmtree(self._staging, ignore_errors=True)

    def publish(self, note: bytes) -> None:
        """Put a cosigned checkpoint into the folder, which any file server may then serve as tlog-tiles.

        Raises:
            MirrorBehind: the disk does not take it.
        """
        try:
            self._log.publish(note)
        except OSError as error:
            raise MirrorBehind(str(error)) from error

    def file(self, path: str, size: int) -> bytes | None:
        """A tile or bundle of the first ``size`` entries, None when the tree of that size has none at this path."""
        return served.tile(self._folder, path, size)

    def _stage(self, size: int, end: float) -> CompactRange:
        """Fetch what is missing up to ``size``; the tree of the copy and the staged entries together."""
        self._staging.mkdir(exist_ok=True)
        start = self._log.size
        tree = CompactRange(start, [self._log.hash_at(level, index) for level, index in peak_nodes(0, start)])
        for index in range(start // layout.WIDTH, -(-size // layout.WIDTH)):
            width = min(layout.WIDTH, size - index * layout.WIDTH)
            for entry in self._bundle(index, width, end)[max(start - index * layout.WIDTH, 0) :]:
                tree.append(leaf_hash(entry))
        return tree

    def _bundle(self, index: int, width: int, end: float) -> list[bytes]:
        """The first ``width`` entries of a bundle, from the staging folder or the log."""
        staged = self._staged(index, width)
        with suppress(FileNotFoundError, ValueError):  # one that a fault of the disk spoilt is fetched again
            entries = layout.split_bundle(staged.read_bytes())
            if len(entries) == width:
                return entries
        for path in dict.fromkeys((layout.tile_path("entries", index, width), layout.tile_path("entries", index))):
            left = end - self._timer()
            if left <= 0:
                raise MirrorBehind(f"{index * layout.WIDTH} entries so far")
            data = self._source.read(path, left)
            if data is not None:
                return self._keep(path, data, staged, width)
        raise MirrorBehind(f"{layout.tile_path('entries', index, width)} is not there")

    def _keep(self, path: str, data: bytes, staged: Path, width: int) -> list[bytes]:
        try:
            entries = layout.split_bundle(data)
        except ValueError:
            raise MirrorConflict(f"{path} ends inside an entry") from None
        if len(entries) < width:
            raise MirrorConflict(f"{path} has {len(entries)} entries, not {width}")
        files.replace(staged, b"".join(map(layout.frame, entries[:width])))
        return entries[:width]

    def _append(self, size: int) -> None:
        while self._log.size < size:
            first = self._log.size
            stop = min(size, (first // layout.WIDTH + _AT_ONCE) * layout.WIDTH)
            entries: list[bytes] = []
            for index in range(first // layout.WIDTH, -(-stop // layout.WIDTH)):
                width = min(layout.WIDTH, size - index * layout.WIDTH)
                bundle = layout.split_bundle(self._staged(index, width).read_bytes())
                entries += bundle[max(first - index * layout.WIDTH, 0) :]
            self._log.append(entries, at=first)

    def _staged(self, index: int, width: int) -> Path:
        return self._staging / f"{index}.{width}"
