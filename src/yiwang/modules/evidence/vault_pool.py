"""The vault's segments: files of one size, full of random bytes from the start, overwritten in place.

``<data>/sealed/segments/NNNN``; together they are one long row of blocks. Their number is a power of two, so that only
the class of what is in use can show. No file of the vault ever has another size than its fellows, and all have the same
time of change.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.evidence.vault_crypt import VaultFault, noise

BLOCK = 4096
RESERVE = 256 * 1024 * 1024
"""Bytes of the disk that the vault does not take: database and log need them to go on."""

_PIECE = 1 << 20
_QUIET = getattr(os, "O_NOATIME", 0) | os.O_CLOEXEC
Extent = tuple[int, int]
"""First block and number of blocks."""


class VaultFull(YiwangError):
    """No room for another sealed file. Nothing that was received is lost."""

    status = 507

    def __init__(self) -> None:
        super().__init__(
            Reason(
                "vault.full",
                Text("交易中心的磁盘没有空间了，这个密封文件没有收下；已收下的都在",
                     "the center's disk has no room; this sealed file was not received, all earlier ones are safe"),
                passes=Text("请立即联系交易中心，扩容后重新上传", "call the center now; upload again when it has made room"),
            )
        )  # fmt: skip


class Pool:
    """The segments in a folder; ``at_ns``: the time of change (POSIX nanoseconds) that all files of the vault show."""

    def __init__(self, folder: Path, at_ns: int = 0) -> None:
        self.folder = folder
        self.at_ns = at_ns
        self._open: dict[int, int] = {}
        self._written: set[int] = set()
        self._size = 0

    @property
    def count(self) -> int:
        """How many segments there are."""
        count = 0
        with suppress(FileNotFoundError):
            names = {path.name for path in self.folder.iterdir()}
            while _name(count) in names:
                count += 1
        return count

    @property
    def blocks(self) -> int:
        """Blocks of all segments together."""
        return self.count * (self.segment_size // BLOCK)

    @property
    def segment_size(self) -> int:
        """Size of a segment in bytes."""
        if not self._size:
            self._size = (self.folder / _name(0)).stat().st_size
        return self._size

    def add(self, size: int) -> None:
        """One more segment of a size in bytes, which shows only once it is whole and on the disk.

        Raises:
            VaultFull: the disk has no room for it.
        """
        if shutil.disk_usage(self.folder).free < size + RESERVE:
            raise VaultFull
        path = self.folder / _name(self.count)
        fresh = path.with_suffix(".new")
        random, zeros = noise(), bytes(_PIECE)
        try:
            with as_full(), fresh_file(fresh) as file:
                for begin in range(0, size, _PIECE):
                    file.write(random.update(zeros[: size - begin]))
                file.flush()
                os.fsync(file.fileno())
                os.utime(file.fileno(), ns=(self.at_ns, self.at_ns))
            fresh.rename(path)
        finally:
            fresh.unlink(missing_ok=True)
        sync_folder(self.folder)

    def read(self, extents: Sequence[Extent], offset: int, length: int) -> bytes:
        """Bytes as they lie on the disk.

        Raises:
            VaultFault: a segment is missing or too short.
        """
        found = []
        for segment, at, count in self._runs(extents, offset, length):
            piece = os.pread(self._handle(segment), count, at)
            if len(piece) != count:
                raise VaultFault(f"密封库的 {_name(segment)} 被截短", f"the vault's segment {_name(segment)} was cut short")
            found.append(piece)
        return found[0] if len(found) == 1 else b"".join(found)

    def write(self, extents: Sequence[Extent], offset: int, content: bytes) -> None:
        """Overwrite bytes; they are on the disk only after :meth:`sync`."""
        view, begin = memoryview(content), 0
        for segment, at, count in self._runs(extents, offset, len(content)):
            handle = self._handle(segment)
            with as_full():
                written = 0
                while written < count:
                    written += os.pwrite(handle, view[begin + written : begin + count], at + written)
                os.utime(handle, ns=(self.at_ns, self.at_ns))
            begin += count
            self._written.add(segment)

    def sync(self) -> None:
        """Wait until what was written is on the disk."""
        for segment in sorted(self._written):
            with as_full():
                os.fdatasync(self._handle(segment))
        self._written.clear()

    def touch(self) -> None:
        """Let all segments show the time ``at_ns``."""
        for segment in range(self.count):
            os.utime(self.folder / _name(segment), ns=(self.at_ns, self.at_ns))

    def close(self) -> None:
        """Close the files."""
        while self._open:
            os.close(self._open.popitem()[1])

    def _handle(self, segment: int) -> int:
        if segment not in self._open:
            try:
                self._open[segment] = quiet(self.folder / _name(segment), os.O_RDWR)
            except FileNotFoundError:
                name = _name(segment)
                raise VaultFault(f"密封库缺少 {name}", f"the vault's segment {name} is missing") from None
        return self._open[segment]

    def _runs(self, extents: Sequence[Extent], offset: int, length: int) -> Iterator[tuple[int, int, int]]:
        """Where bytes of an upload lie: (segment, position, number of bytes), in order."""
        size, end, begins = self.segment_size, offset + length, 0
        for first, blocks in extents:
            ends = begins + blocks * BLOCK
            at, last = max(offset, begins), min(end, ends)
            while at < last:
                segment, position = divmod(first * BLOCK + at - begins, size)
                count = min(last - at, size - position)
                yield segment, position, count
                at += count
            begins = ends
        if end > begins:
            raise VaultFault("密封库的目录与文件长度不符", "an entry of the vault's index has fewer blocks than bytes")


def free_runs(used: Iterable[Extent], blocks: int) -> list[Extent]:
    """What lies between the used extents, in order."""
    free, at = [], 0
    for first, count in sorted(used):
        if first > at:
            free.append((at, first - at))
        at = max(at, first + count)
    return [*free, (at, blocks - at)] if at < blocks else free


def chosen(free: list[Extent], blocks: int, most: int) -> list[Extent] | None:
    """Room for some blocks: the smallest run that takes all, else the largest ones, at most ``most`` extents; None: no room."""
    whole = min((run for run in free if run[1] >= blocks), key=lambda run: run[1], default=None)
    if whole is not None:
        return [(whole[0], blocks)]
    taken = []
    for first, count in sorted(free, key=lambda run: -run[1])[:most]:
        taken.append((first, min(count, blocks)))
        blocks -= taken[-1][1]
        if blocks == 0:
            return taken
    return None


def blocks_for(size: int) -> int:
    """Blocks that some bytes need; at least one."""
    return max(1, -(-size // BLOCK))


class as_full:
    """Within it an error of a full disk becomes :class:`VaultFull`."""

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise VaultFull from error


def quiet(path: Path, flags: int) -> int:
    """Open a file whose time of access shall not change by it (where the system can do that, for our own files)."""
    try:
        return os.open(path, flags | _QUIET, 0o600)
    except PermissionError:
        return os.open(path, flags | os.O_CLOEXEC, 0o600)


def sync_folder(path: Path) -> None:
    """Wait until names in a folder are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fresh_file(path: Path) -> IO[bytes]:
    """A new file of our own to write to, mode 0600."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb")


def _name(number: int) -> str:
    return f"{number:04d}"
