"""The vault's index: slots of one size, each with two sealed places, so that a write that breaks off loses nothing.

``<data>/sealed/index``: a block of random bytes whose first 16 change with every write, then the slots. A slot's content
is written to the older of its two places; the newer one that opens counts. A place holds generation, length and JSON,
padded and sealed with a random nonce: an empty slot cannot be told from a used one. Their number is a power of two.
"""

from __future__ import annotations

import fcntl
import json
import mmap
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock

from yiwang.kernel.text import Text
from yiwang.modules.evidence import vault_crypt
from yiwang.modules.evidence.vault_crypt import NONCE, OVERHEAD, VaultFault, VaultKey
from yiwang.modules.evidence.vault_pool import Extent, as_full, fresh_file, quiet, sync_folder

PLACE = 4096
HEAD = 4096
MOST_EXTENTS = 128
"""Pieces into which an upload may be broken up, so that a slot has room to tell where they are."""

_STAMP = 16
_PLAIN = PLACE - OVERHEAD
_COUNTED = 10


@dataclass(frozen=True, slots=True)
class Record:
    """What a slot says of an upload.

    Attributes:
        id: 32 random hex digits; the key stream of its bytes hangs on it.
        owner: who brings it.
        sha256: hex, as announced; "" while :func:`.vault.put` does not know it yet.
        size: bytes of the whole.
        offset: bytes that are on the disk.
        extents: where they lie.
        began: POSIX seconds.
        writer: who may write now: a random word; a later writer puts its own here.
        kept: the whole is there and has its SHA-256.
        media_type: as found in the content.
    """

    id: str
    owner: str
    sha256: str
    size: int
    offset: int
    extents: tuple[Extent, ...]
    began: int
    writer: str = ""
    kept: bool = False
    media_type: str = ""


@dataclass(slots=True)
class _Slot:
    """A slot as last read: generations of its places (-1: does not open), their nonces, what it says."""

    nonces: tuple[bytes, bytes]
    generations: tuple[int, int]
    record: Record | None

    @property
    def damaged(self) -> bool:
        return self.generations == (-1, -1)


@dataclass(slots=True)
class _Known:
    """What this process knows of an index file."""

    inode: int = -1
    stamp: bytes = b""
    slots: list[_Slot] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)


_known: dict[Path, _Known] = {}


class Index:
    """The index under a lock; see :func:`locked`."""

    def __init__(self, path: Path, handle: int, key: VaultKey, known: _Known) -> None:
        self.path, self._file, self._key, self._known = path, handle, key, known
        self.at_ns = os.fstat(handle).st_mtime_ns

    def __iter__(self) -> Iterator[tuple[int, Record]]:
        """The used slots with what they say."""
        for number, slot in enumerate(self._known.slots):
            if slot.record is not None:
                yield number, slot.record

    def __len__(self) -> int:
        return len(self._known.slots)

    def get(self, number: int) -> Record | None:
        """What a slot says."""
        return self._known.slots[number].record

    def damaged(self) -> list[int]:
        """Slots of which neither place opens: what they said is lost."""
        return [number for number, slot in enumerate(self._known.slots) if slot.damaged]

    def vacant(self) -> int:
        """An empty slot; the index grows when there is none.

        Raises:
            VaultFull: the disk has no room for a larger index.
        """
        empty = [number for number, slot in enumerate(self._known.slots) if slot.record is None and not slot.damaged]
        if empty:
            return secrets.choice(empty)
        self.grow()
        return self.vacant()

    def write(self, number: int, record: Record | None) -> None:
        """Let a slot say something else; on the disk only after :func:`sync`. The lock must be exclusive."""
        slot = self._known.slots[number]
        generations, nonces = list(slot.generations), list(slot.nonces)
        place = int(generations[1] < generations[0])
        generation = max(generations) + 1
        sealed = self._key.seal(_plain(record, generation), _name(number, place))
        stamp = secrets.token_bytes(_STAMP)
        with as_full():
            os.pwrite(self._file, stamp, 0)
            os.pwrite(self._file, sealed, _at(number, place))
        os.utime(self._file, ns=(self.at_ns, self.at_ns))
        generations[place], nonces[place] = generation, sealed[:NONCE]
        self._known.slots[number] = _Slot((nonces[0], nonces[1]), (generations[0], generations[1]), record)
        self._known.stamp = stamp

    def erase(self, number: int) -> None:
        """Empty a slot in both its places: the id, and with it the key of the bytes, is gone."""
        self.write(number, None)
        self.write(number, None)

    def grow(self) -> None:
        """Twice as many slots. The lock must be exclusive."""
        count = len(self)
        with self.path.open("rb") as old:
            content = old.read(HEAD + 2 * PLACE * count)
        make(self.path, self._key, 2 * count, content, self.at_ns)
        os.close(self._file)
        self._file = quiet(self.path, os.O_RDWR)
        self.refresh()

    def touch(self, at_ns: int) -> None:
        """Let the file show a time (POSIX nanoseconds)."""
        self.at_ns = at_ns
        os.utime(self._file, ns=(at_ns, at_ns))

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def refresh(self) -> None:
        """Read what other processes have written since the last look: only places whose nonce is another one."""
        known, stat = self._known, os.fstat(self._file)
        stamp = os.pread(self._file, _STAMP, 0)
        count = (stat.st_size - HEAD) // (2 * PLACE)
        if stat.st_ino == known.inode and stamp == known.stamp and len(known.slots) == count:
            return
        if stat.st_ino != known.inode:
            known.slots = []
        if count < 1:
            raise _closed(self.path)
        with mmap.mmap(self._file, 0, access=mmap.ACCESS_READ) as content:
            known.slots = [self._slot(content, number) for number in range(count)]
        if all(slot.damaged for slot in known.slots):
            raise _closed(self.path)
        known.inode, known.stamp = stat.st_ino, stamp

    def _slot(self, content: mmap.mmap, number: int) -> _Slot:
        at = _at(number, 0)
        nonces = content[at : at + NONCE], content[at + PLACE : at + PLACE + NONCE]
        if number < len(self._known.slots) and self._known.slots[number].nonces == nonces:
            return self._known.slots[number]
        read = [self._place(content, number, place) for place in (0, 1)]
        record = max(read, key=lambda each: each[0])[1]
        return _Slot(nonces, (read[0][0], read[1][0]), record)

    def _place(self, content: mmap.mmap, number: int, place: int) -> tuple[int, Record | None]:
        """Generation and record of a place; -1 when it does not open."""
        at = _at(number, place)
        plain = self._key.open(content[at : at + PLACE], _name(number, place))
        if plain is None:
            return -1, None
        length = int.from_bytes(plain[8:_COUNTED], "big")
        return int.from_bytes(plain[:8], "big"), _record(plain[_COUNTED : _COUNTED + length]) if length else None


@contextmanager
def locked(path: Path, key: VaultKey, *, exclusive: bool = False) -> Iterator[Index]:
    """The index as it is now, while nobody (``exclusive``) or nobody who writes has it.

    Raises:
        VaultFault: it is cut short, or was written with another key.
    """
    known = _known.setdefault(path, _Known())
    lock = os.open(path.with_name("lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
        with known.lock:
            index = Index(path, quiet(path, os.O_RDWR), key, known)
            try:
                index.refresh()
                yield index
            finally:
                index.close()
    finally:
        os.close(lock)


def make(path: Path, key: VaultKey, slots: int, content: bytes = b"", at_ns: int | None = None) -> None:
    """An index with empty slots after those in ``content``; it takes its name only once it is whole and on the disk."""
    fresh = path.with_suffix(".new")
    content = content or secrets.token_bytes(HEAD)
    try:
        with as_full(), fresh_file(fresh) as file:
            file.write(content)
            for number in range((len(content) - HEAD) // (2 * PLACE), slots):
                for place in (0, 1):
                    file.write(key.seal(_plain(None, place), _name(number, place)))
            file.flush()
            os.fsync(file.fileno())
            if at_ns is not None:
                os.utime(file.fileno(), ns=(at_ns, at_ns))
        fresh.rename(path)
    finally:
        with suppress(FileNotFoundError):
            fresh.unlink()
    sync_folder(path.parent)


def sync(path: Path) -> None:
    """Wait until what was written to an index is on the disk; needs no lock."""
    handle = quiet(path, os.O_RDWR)
    try:
        with as_full():
            os.fdatasync(handle)
    finally:
        os.close(handle)


def _closed(path: Path) -> VaultFault:
    return VaultFault(
        f"密封库的目录 {path} 打不开：文件损坏，或密钥不是当时的那一把",
        f"the vault's index {path} does not open: it is damaged, or its key is another one",
        Text(f"从备份恢复目录文件和密钥 {vault_crypt.FILE}", f"restore the index and the key “{vault_crypt.FILE}” from the backup"),
    )


def _plain(record: Record | None, generation: int) -> bytes:
    said = json.dumps(asdict(record), separators=(",", ":")).encode() if record else b""
    if len(said) > _PLAIN - _COUNTED:
        raise VaultFault("密封库的目录项过长", "an entry of the vault's index is too long")
    return (generation.to_bytes(8, "big") + len(said).to_bytes(2, "big") + said).ljust(_PLAIN, b"\0")


def _record(said: bytes) -> Record:
    told = json.loads(said)
    return Record(**{**told, "extents": tuple((first, count) for first, count in told["extents"])})


def _at(number: int, place: int) -> int:
    return HEAD + (2 * number + place) * PLACE


def _name(number: int, place: int) -> bytes:
    return f"slot {number} {place}".encode()
