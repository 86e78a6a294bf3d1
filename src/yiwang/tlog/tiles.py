"""A durable log on disk in the form of C2SP tlog-tiles v0.1.0, readable by any tile client as static files.

Order of writing: entry bundles and hash tiles, all synced; then read back and hashed again; then a small state file
(size and root) renamed into place. Only the state file counts: what a crash left beyond it is written again when
the same entries are appended again.
"""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from yiwang.kernel.errors import Refused
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.tlog import checkpoint as checkpoints
from yiwang.tlog import files, layout, merkle
from yiwang.tlog.check import STATE, check, check_edge, edge_root
from yiwang.tlog.errors import LogDamaged, NoteError
from yiwang.tlog.reader import TileReader

CHECKPOINT = "checkpoint"
LOCK = ".lock"
MOST_STATE = 1000
"""Bytes of a state file."""


@dataclass(frozen=True, slots=True)
class _Edge:
    """The right edge in memory: what the next append needs, so that its cost does not grow with the tree."""

    tree: merkle.CompactRange
    tiles: list[list[bytes]]
    bundle: bytes


@dataclass(frozen=True, slots=True)
class _Growth:
    """An append that is prepared but not written: files by path, and the edge after it."""

    start: int
    entries: Sequence[bytes]
    writes: dict[str, bytes]
    edge: _Edge


class TileLog:
    """The log in a folder. Several readers and one writer at a time may have it open; appends are serialised.

    A process that only reads calls :meth:`reload` to see what the writer added.

    Raises:
        LogDamaged: on opening, when the state file or the right edge is not intact.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(exist_ok=True)
        self._synced: set[Path] = set()
        self.reload()

    @property
    def size(self) -> int:
        """Number of entries, as of the state file."""
        return self._reader.size

    def root(self, size: int | None = None) -> bytes:
        """Root of the tree, or of its first ``size`` entries."""
        if size is None or size == self.size:
            return self._edge.tree.root()
        if size > self.size:
            raise Refused(_position(size, self.size))
        return merkle.tree_root(size, self.hash_at)

    def hash_at(self, level: int, index: int) -> bytes:
        """Hash of one complete subtree; see :meth:`.TileReader.hash_at`."""
        return self._reader.hash_at(level, index)

    def entry(self, index: int) -> bytes:
        """One entry's bytes; ProofError when there is none at this index."""
        return self._reader.entry(index)

    def entries(self, start: int, stop: int) -> Iterator[bytes]:
        """Entries start..stop in order; ProofError when they are not all there."""
        return self._reader.entries(start, stop)

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Path of an entry in the tree of ``size`` entries (default: all), RFC 6962 section 2.1.1."""
        return merkle.inclusion_proof(index, self.size if size is None else size, self.hash_at)

    def consistency_proof(self, old: int, new: int | None = None) -> list[bytes]:
        """Proof that the tree of ``old`` entries is a prefix of that of ``new`` (default: all), section 2.1.2."""
        return merkle.consistency_proof(old, self.size if new is None else new, self.hash_at)

    def append(self, entries: Sequence[bytes], *, at: int | None = None) -> range:
        """Add entries durably and return their indexes. All or nothing: a failed append leaves the log as it was.

        Args:
            entries: each at most 65,535 bytes.
            at: the size that the caller expects; a resume after a crash passes its own count here.

        Raises:
            Refused: ``at`` is not the log's size.
            ProofError: an entry is too long.
            LogDamaged: what was read back is not what was written; the state was not changed.
            OSError: disk full and the like; the state was not changed.
        """
        framed = [layout.frame(entry) for entry in entries]
        with self._lock():
            if at is not None and at != self.size:
                raise Refused(_position(at, self.size))
            if not framed:
                return range(self.size, self.size)
            growth = self._prepare(entries, framed)
            folders = self._write(growth.writes)
            self._read_back(growth)
            self._commit(growth, folders)
            self._drop_partials(growth)
            return range(growth.start, self.size)

    def publish(self, note: bytes, *, former: Collection[str] = ()) -> None:
        """Put a signed checkpoint in place, in one step. Signatures are the caller's matter; the tree is checked.

        Args:
            note: the signed checkpoint.
            former: names under which this tree was published before; a checkpoint of one of them may be followed.

        Raises:
            NoteError: malformed, older than the one published, of another origin, or not of this tree.
        """
        new = checkpoints.unverified(note)
        with self._lock():
            current = self.checkpoint()
            if current is not None:
                old = checkpoints.unverified(current)
                if (old.origin != new.origin and old.origin not in former) or old.size > new.size:
                    raise NoteError("检查点倒退或来源不同", "the checkpoint goes back or is of another origin")
            if new.size > self.size or self.root(new.size) != new.root:
                raise NoteError("检查点与日志不符", "the checkpoint is not of this log", field="root")
            self._check_partials(new.size)
            files.replace(self.directory / CHECKPOINT, note)
            files.sync_directory(self.directory)

    def checkpoint(self) -> bytes | None:
        """The published checkpoint note, None before the first."""
        try:
            return (self.directory / CHECKPOINT).read_bytes()
        except FileNotFoundError:
            return None

    def check(self, start: int = 0) -> None:
        """Re-hash everything from entry ``start`` on against the state's root; see :func:`.check.check`."""
        check(TileReader(self.directory, self.size), self.root(), start)

    def reload(self) -> None:
        """Read the state file and the right edge again, trusting neither.

        Raises:
            LogDamaged: naming the file at fault.
        """
        state = self._read_state()
        size, root = _parse_state(state)
        self._check_published(size, root)
        reader = TileReader(self.directory, size)
        tiles = check_edge(reader, root)
        width = size % layout.WIDTH
        partial = reader.read_bundle(size // layout.WIDTH, width) if width else []
        peaks = [peak for hashes in reversed(tiles) for peak in layout.peaks(hashes)]
        self._edge = _Edge(merkle.CompactRange(size, peaks), tiles, b"".join(map(layout.frame, partial)))
        self._reader, self._state = reader, state

    def _prepare(self, entries: Sequence[bytes], framed: Sequence[bytes]) -> _Growth:
        start, stop = self.size, self.size + len(framed)
        tree = self._edge.tree.copy()
        added: list[list[bytes]] = [[]]

        def visit(level: int, _index: int, value: bytes) -> None:
            tile_level, height = divmod(level, layout.HEIGHT)
            if height == 0:
                if tile_level == len(added):
                    added.append([])
                added[tile_level].append(value)

        for entry in entries:
            leaf = merkle.leaf_hash(entry)
            added[0].append(leaf)
            tree.append(leaf, visit)
        writes: dict[str, bytes] = {}
        bundle = b""
        for index, width in layout.spans(start, stop):
            first = index * layout.WIDTH
            bundle = b"".join(framed[max(first - start, 0) : first + width - start])
            bundle = self._edge.bundle + bundle if first < start else bundle
            writes[layout.tile_path("entries", index, width)] = bundle
        tiles = self._grow_tiles(added, writes)
        edge = _Edge(tree, tiles, bundle if stop % layout.WIDTH else b"")
        return _Growth(start, entries, writes, edge)

    def _grow_tiles(self, added: list[list[bytes]], writes: dict[str, bytes]) -> list[list[bytes]]:
        """Adds the changed hash tiles to ``writes``; returns the partial tiles after the append."""
        tiles = list(self._edge.tiles)
        for level, hashes in enumerate(added):
            if not hashes:
                break
            if level == len(tiles):
                tiles.append([])
            old = self.size >> (layout.HEIGHT * level)
            known, first = tiles[level] + hashes, old - old % layout.WIDTH
            for index, width in layout.spans(old, old + len(hashes)):
                position = index * layout.WIDTH - first
                here = known[position : position + width]
                writes[layout.tile_path(level, index, width)] = b"".join(here)
                tiles[level] = here if width < layout.WIDTH else []
        return tiles

    def _write(self, writes: dict[str, bytes]) -> set[Path]:
        contents = {self.directory / name: data for name, data in writes.items()}
        for path in contents:
            self._make_folder(path.parent)
        return files.replace_all(contents)

    def _make_folder(self, folder: Path) -> None:
        """Make a folder and sync the names above it: once a process, for an earlier one may have died before."""
        if folder in self._synced or folder == self.directory:
            return
        self._make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        files.sync_directory(folder.parent)
        self._synced.add(folder)

    def _read_back(self, growth: _Growth) -> None:
        """Never sign what was not read again: hash the files just written and compare with the tree in memory."""
        size = growth.edge.tree.size
        reader = TileReader(self.directory, size)
        back: list[bytes] = []
        for index, width in layout.spans(growth.start, size):
            entries = reader.read_bundle(index, width)
            if [merkle.leaf_hash(entry) for entry in entries] != reader.read_tile(0, index, width):
                raise _unwritten(layout.tile_path("entries", index, width))
            back += entries[max(growth.start - index * layout.WIDTH, 0) :]
        if back != list(growth.entries):
            raise _unwritten("tile/entries")
        tiles = self._read_tiles_back(growth, reader)
        if edge_root(tiles) != growth.edge.tree.root():
            raise _unwritten("tile")

    def _read_tiles_back(self, growth: _Growth, reader: TileReader) -> list[list[bytes]]:
        """The partial tiles after the append, the changed ones from disk; full ones must fit the tile above."""
        tiles = list(growth.edge.tiles)
        size = reader.size
        for level in range(len(tiles)):
            old, new = growth.start >> (layout.HEIGHT * level), size >> (layout.HEIGHT * level)
            if old == new:
                break
            for index, width in layout.spans(old, new):
                hashes = reader.read_tile(level, index, width)
                if width < layout.WIDTH:
                    tiles[level] = hashes
                elif layout.full_root(hashes) != reader.hash_at(layout.HEIGHT * (level + 1), index):
                    raise _unwritten(layout.tile_path(level, index))
        return tiles

    def _commit(self, growth: _Growth, folders: set[Path]) -> None:
        """The state counts, so it comes last: when the files that were read back, and their names, are durable."""
        state = _format_state(growth.edge.tree)
        files.replace_after(self.directory / STATE, state, folders)
        self._edge, self._state = growth.edge, state
        self._reader.size = growth.edge.tree.size

    def _drop_partials(self, growth: _Growth) -> None:
        """Partial tiles may go once the full one is there ("Partial Tiles"); a leftover does no harm."""
        for name in growth.writes:
            if ".p/" not in name:
                folder = self.directory / f"{name}.p"
                shutil.rmtree(folder, ignore_errors=True)
                self._synced.discard(folder)

    def _check_partials(self, size: int) -> None:
        """A checkpoint may only be published when the partial tiles of its size are served ("Partial Tiles")."""
        reader = TileReader(self.directory, size)
        for level, width in enumerate(layout.edges(size)):
            if width:
                reader.read_tile(level, reader.size // layout.WIDTH ** (level + 1), width)

    def _check_published(self, size: int, root: bytes) -> None:
        note = self.checkpoint()
        if note is None:
            return
        try:
            published = checkpoints.unverified(note)
        except NoteError:
            raise LogDamaged(CHECKPOINT, "格式不对", "is malformed") from None
        if published.size > size or (published.size == size and published.root != root):
            raise LogDamaged(STATE, "落后于已公布的检查点", "is behind the published checkpoint")

    def _read_state(self) -> bytes:
        try:
            return (self.directory / STATE).read_bytes()
        except FileNotFoundError:
            return b""

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """One writer at a time; another process's additions are seen before ours."""
        with (self.directory / LOCK).open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if self._read_state() != self._state:
                self.reload()
            yield


def _format_state(tree: merkle.CompactRange) -> bytes:
    return (json.dumps({"root": tree.root().hex(), "size": tree.size}) + "\n").encode()


def _parse_state(data: bytes) -> tuple[int, bytes]:
    if not data:
        return 0, merkle.EMPTY_ROOT
    if len(data) > MOST_STATE:  # a real one has some 100 bytes; a nested one could exhaust the stack
        raise LogDamaged(STATE, "格式不对", "is malformed")
    try:
        state = json.loads(data)
        size, root = state["size"], bytes.fromhex(state["root"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise LogDamaged(STATE, "格式不对", "is malformed") from None
    if type(size) is not int or size < 0 or len(root) != merkle.HASH_SIZE:
        raise LogDamaged(STATE, "格式不对", "is malformed")
    return size, root


def _position(wanted: int, size: int) -> Reason:
    text = Text(f"日志现有 {size} 条，而不是 {wanted} 条", f"the log has {size} entries, not {wanted}")
    passes = Text(f"从第 {size} 条续写", f"go on from entry {size}")
    return Reason("tlog.position", text, field="at", passes=passes)


def _unwritten(path: str) -> LogDamaged:
    return LogDamaged(path, "读回与写入不符", "is not what was written")
