"""The vault's place on the disk: made before the first bid, given out in blocks, doubled when it fills up.

What a look at the folder shows depends on the class of what is in use only: segments double in number (and the index
its slots) when less than a quarter is free. The worker sees to it (:func:`tidy`), a segment at a time, before it is needed.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from yiwang.kernel.text import Text
from yiwang.modules.evidence import blinding, vault_crypt, vault_index
from yiwang.modules.evidence.vault_crypt import VaultFault, VaultKey
from yiwang.modules.evidence.vault_index import Index, locked
from yiwang.modules.evidence.vault_pool import Extent, Pool, VaultFull, chosen, free_runs

BROKEN_AFTER = 86400
"""Seconds after which a file of unknown length that is not here in full has broken off."""

_MIB = 1 << 20


@dataclass(frozen=True)
class Space:
    """Where the vault is, with its key."""

    folder: Path
    key: VaultKey

    @property
    def index(self) -> Path:
        """The index file."""
        return self.folder / "index"

    @property
    def segments(self) -> Path:
        """The segments' folder."""
        return self.folder / "segments"

    @contextmanager
    def changing(self) -> Iterator[Index]:
        """The index, for us alone; what was written is on the disk afterwards."""
        with locked(self.index, self.key, exclusive=True) as index:
            yield index
        vault_index.sync(self.index)

    def pool(self) -> Pool:
        """The segments; to be closed."""
        return Pool(self.segments, self.index.stat().st_mtime_ns)


def folder() -> Path:
    """Where the vault is: ``sealed``, beside the log's folder."""
    return Path(settings.LOG_FOLDER).parent / "sealed"


def space() -> Space:
    """The vault of this installation; made at first use, with ``settings.VAULT_SEGMENTS`` segments of
    ``settings.VAULT_SEGMENT_MIB`` MiB.

    Raises:
        VaultFault: its key or its index is missing although there is a vault.
        VaultFull: the disk has no room for it.
    """
    where = folder()
    made = (where / "index").exists()
    key = vault_crypt.load(blinding.folder_of(Path(settings.LOG_FOLDER)), lambda: not (where / "index").exists())
    found = Space(where, key)
    if not made or not (found.segments / "ready").exists():
        _make(found)
    return found


def allocate(found: Space, index: Index, pool: Pool, blocks: int) -> tuple[Extent, ...] | None:
    """Room for some blocks; None when there is none.

    Raises:
        VaultFault: a slot is damaged: what it says of used blocks is lost, and they might be overwritten.
    """
    if damaged := index.damaged():
        raise VaultFault(
            f"密封库目录的第 {damaged[0]} 项损坏；修复之前不再收新的密封文件",
            f"slot {damaged[0]} of the vault's index is damaged; no more sealed files are taken until it is mended",
            Text("从备份恢复 sealed 文件夹", "restore the folder “sealed” from the backup"),
        )
    extents = chosen(free_runs(_used(index), pool.blocks), blocks, vault_index.MOST_EXTENTS)
    return tuple(extents) if extents else None


def enough(found: Space, blocks: int, take: Callable[[Index, Pool], bool]) -> None:
    """Call ``take`` with the index for us alone and the pool, which is doubled until ``take`` says that it had room.

    Raises:
        VaultFull: the disk has no room to double it.
    """
    pool = found.pool()
    try:
        while True:
            with locked(found.index, found.key, exclusive=True) as index:
                have = pool.count
                if take(index, pool):
                    return
            grow(found, 2 * _class(have))
    finally:
        pool.close()


def grow(found: Space, count: int, most: int = 1 << 16) -> bool:
    """Add segments until there are so many, at most ``most`` of them now; whether any was added."""
    with _growing(found.folder):
        pool = found.pool()
        missing = min(count - pool.count, most)
        for _ in range(missing):
            pool.add(pool.segment_size)
        return missing > 0


def tidy() -> None:
    """What the worker does at the rhythm of the log: all files of the vault show the same time, and the pool grows in time.

    Nothing that it does depends on single uploads, but on the class of what is in use.
    """
    found = space()
    with locked(found.index, found.key, exclusive=True) as index:
        index.touch(time.time_ns())
        pool = found.pool()
        pool.touch()
        used, slots = sum(count for _, count in _used(index)), len(index)
        if 4 * sum(1 for _ in index) > 3 * slots:
            index.grow()
        for slot, record in list(index):
            if not record.sha256 and record.began < time.time() - BROKEN_AFTER:
                index.erase(slot)
    count = pool.count
    wanted = _class(count) * (2 if 4 * used > 3 * pool.blocks else 1)
    if count < wanted:
        try:
            grow(found, wanted, most=1)
        except VaultFull:  # told to whoever then finds no room
            return


def _used(index: Index) -> list[Extent]:
    return [extent for _, record in index for extent in record.extents]


def _class(count: int) -> int:
    """The power of two that is at least ``count``."""
    return 1 << max(0, count - 1).bit_length()


def _make(found: Space) -> None:
    """Folders, index, segments, in this order; what a broken-off start left is completed."""
    found.segments.mkdir(mode=0o700, parents=True, exist_ok=True)
    found.folder.chmod(0o700)
    with _growing(found.folder):
        pool = Pool(found.segments)
        if not found.index.exists():
            if pool.count:
                raise VaultFault(
                    f"缺少密封库的目录 {found.index}，已收的密封文件读不出来",
                    f"the vault's index {found.index} is missing; the sealed files that came cannot be read",
                    Text("从备份恢复这个文件", "restore the file from the backup"),
                )
            vault_index.make(found.index, found.key, _class(settings.VAULT_SLOTS), at_ns=time.time_ns())
        pool = found.pool()
        while pool.count < _class(settings.VAULT_SEGMENTS):
            pool.add(pool.segment_size if pool.count else settings.VAULT_SEGMENT_MIB * _MIB)
        (found.segments / "ready").touch(0o600)


@contextmanager
def _growing(where: Path) -> Iterator[None]:
    """One process at a time adds segments."""
    handle = os.open(where / "growing", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
