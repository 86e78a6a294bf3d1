"""The dossier's container: a zip file with one form only, so that no byte of it is beyond checking.

Entries are stored, not compressed, sorted by name, without gaps, extra fields, comments or dates; what is in a zip file
beyond the contents follows from them. Reading compares every such byte, so that an altered, added or trailing byte
shows. Any unzip program can unpack the archive (zip64 where offsets ask for it).
"""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO

from yiwang.kernel.text import Text

if TYPE_CHECKING:
    from typing_extensions import Buffer

BLOCK = 1 << 20
MOST_ENTRY = 2**32 - 2
"""Largest file in an archive, bytes."""
FULL = 0xFFFFFFFF
MOST_ENTRIES = 0xFFFF
_UTF8 = 0x0800
_DATE = 0x0021
"""1980-01-01, the zip format's first day: dossiers of the same content are the same bytes."""
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR = struct.Struct("<4sIQI")

Source = bytes | Path


class Unreadable(Exception):
    """No archive at all: missing, or not a zip file. ``text`` says so to the user."""

    def __init__(self, zh: str, en: str) -> None:
        self.text = Text(zh, en)
        super().__init__(en)


class NotCanonical(Exception):
    """A zip file whose bytes are not those that its contents give. ``text`` names the place."""

    def __init__(self, name: str, zh: str, en: str) -> None:
        self.name = name
        self.text = Text(f"{name}：{zh}", f"{name}: {en}")
        super().__init__(self.text.en)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an archive: where its bytes begin, its length in bytes, its checksums."""

    name: str
    start: int
    size: int
    crc: int
    sha256: str


def write(out: BinaryIO, files: Mapping[str, Source]) -> int:
    """Write an archive of these files (name to bytes, or to a path) and give its length in bytes.

    Raises:
        ValueError: a file is larger than :data:`MOST_ENTRY`.
    """
    entries, at = [], 0
    for name in sorted(files, key=str.encode):
        size, crc, sha256 = _measure(files[name])
        if size > MOST_ENTRY:
            raise ValueError(f"{name} is too large for an archive")
        header = _local(name, size, crc)
        out.write(header)
        for block in _blocks(files[name]):
            out.write(block)
        entries.append(Entry(name, at + len(header), size, crc, sha256))
        at += len(header) + size
    tail = _tail(entries, at)
    out.write(tail)
    return at + len(tail)


def _local(name: str, size: int, crc: int) -> bytes:
    encoded = name.encode()
    return _LOCAL.pack(b"PK\x03\x04", 20, _UTF8, 0, 0, _DATE, crc, size, size, len(encoded), 0) + encoded


def _tail(entries: list[Entry], at: int) -> bytes:
    """The central directory and what ends the archive, for entries that end at ``at``."""
    directory = b"".join(map(_central, entries))
    count, size = len(entries), len(directory)
    end64 = b""
    if at >= FULL or count >= MOST_ENTRIES or size >= FULL:
        end64 = _END64.pack(b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, at)
        end64 += _LOCATOR.pack(b"PK\x06\x07", 0, at + size, 1)
    few = min(count, 0xFFFF) if count < MOST_ENTRIES else 0xFFFF
    small = [value if value < FULL else 0xFFFFFFFF for value in (size, at)]
    return directory + end64 + _END.pack(b"PK\x05\x06", 0, 0, few, few, *small, 0)


def _central(entry: Entry) -> bytes:
    encoded = entry.name.encode()
    offset = entry.start - _LOCAL.size - len(encoded)
    extra = struct.pack("<HHQ", 1, 8, offset) if offset >= FULL else b""
    needs = 45 if extra else 20
    return (
        _CENTRAL.pack(b"PK\x01\x02", needs, needs, _UTF8, 0, 0, _DATE, entry.crc, entry.size, entry.size, len(encoded),
                      len(extra), 0, 0, 0, 0, 0xFFFFFFFF if extra else offset)
        + encoded
        + extra
    )  # fmt: skip


def _blocks(source: Source) -> Iterator[bytes]:
    with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def _measure(source: Source) -> tuple[int, int, str]:
    size, crc, sha256 = 0, 0, hashlib.sha256()
    for block in _blocks(source):
        size += len(block)
        crc = zlib.crc32(block, crc)
        sha256.update(block)
    return size, crc, sha256.hexdigest()


@dataclass(slots=True)
class Archive(AbstractContextManager["Archive"]):
    """An archive open for reading; every byte of it was found to be in its one form."""

    file: BinaryIO
    entries: dict[str, Entry] = field(default_factory=dict)

    def read(self, name: str) -> bytes:
        """All bytes of a file; KeyError when there is none of that name."""
        entry = self.entries[name]
        self.file.seek(entry.start)
        return self.file.read(entry.size)

    def open(self, name: str) -> BinaryIO:
        """A file for reading piece by piece; KeyError when there is none of that name."""
        entry = self.entries[name]
        return io.BufferedReader(Section(self.file, entry.start, entry.size), BLOCK)

    def __exit__(self, *exc: object) -> None:
        self.file.close()


def read(path: Path) -> Archive:
    """Open an archive and compare all its bytes with those that its contents give.

    Raises:
        Unreadable: no such file, or it does not begin and end like a zip file.
        NotCanonical: a byte outside the contents differs, is missing, or is too many; names where.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise Unreadable(f"无法打开：{error.strerror}", f"cannot be opened: {error.strerror}") from None
    try:
        archive = Archive(file)
        _read_entries(archive)
    except BaseException:
        file.close()
        raise
    return archive


def _read_entries(archive: Archive) -> None:
    file, at, previous = archive.file, 0, b""
    entries: list[Entry] = []
    while (head := file.read(_LOCAL.size))[:4] == b"PK\x03\x04":
        entry = _read_entry(file, head, at)
        if entry.name.encode() <= previous and entries:
            raise NotCanonical(entry.name, "次序不对或重复", "out of order, or twice")
        previous = entry.name.encode()
        entries.append(entry)
        at = entry.start + entry.size
    if not entries:
        raise Unreadable("不是案卷包（zip 文件）", "not a dossier (zip file)")
    file.seek(at)
    tail = _tail(entries, at)
    found = file.read(len(tail) + 1)
    if found != tail:
        raise NotCanonical(*_differs(tail, found))
    archive.entries = {entry.name: entry for entry in entries}


def _differs(tail: bytes, found: bytes) -> tuple[str, str, str]:
    if found.startswith(tail):
        return "zip", "文件末尾多出字节", "bytes follow the end of the archive"
    place = next((n for n, (one, two) in enumerate(zip(tail, found, strict=False)) if one != two), len(found))
    return "zip", f"目录第 {place} 字节与内容不符", f"byte {place} of the directory does not fit the contents"


def _read_entry(file: BinaryIO, head: bytes, at: int) -> Entry:
    if len(head) < _LOCAL.size:
        raise NotCanonical("zip", "文件被截断", "the archive is cut off")
    size, length = _LOCAL.unpack(head)[7], _LOCAL.unpack(head)[9]
    encoded = file.read(length)
    try:
        name = encoded.decode()
    except UnicodeDecodeError:
        raise NotCanonical("zip", f"第 {at} 字节处的文件名不是 UTF-8", f"the name at byte {at} is not UTF-8") from None
    found, crc, sha256, start = 0, 0, hashlib.sha256(), at + len(head) + length
    while found < size and (block := file.read(min(BLOCK, size - found))):
        found += len(block)
        crc = zlib.crc32(block, crc)
        sha256.update(block)
    if found < size:
        raise NotCanonical(name, "被截断", "is cut off")
    if head + encoded != _local(name, size, crc):
        raise NotCanonical(name, "文件头或校验和与内容不符", "its header or checksum does not fit its content")
    return Entry(name, start, size, crc, sha256.hexdigest())


class Section(io.RawIOBase):
    """A part of a file as a file of its own."""

    def __init__(self, file: IO[bytes], start: int, size: int) -> None:
        self._file, self._start, self._size, self._at = file, start, size, 0

    def readinto(self, buffer: Buffer, /) -> int:
        """As of a file."""
        view = memoryview(buffer)
        self._file.seek(self._start + self._at)
        data = self._file.read(min(len(view), max(0, self._size - self._at)))
        view[: len(data)] = data
        self._at += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """As of a file."""
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at

    def tell(self) -> int:
        """As of a file."""
        return self._at

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True
