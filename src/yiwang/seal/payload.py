"""The payload inside the seal, as a stream: ``u64 length || signed manifest || documents || zero padding``.

Both directions hold one block in memory, whatever the size of the documents.
"""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from yiwang.kernel.errors import bad
from yiwang.seal.causes import Cause, tenderers
from yiwang.seal.hashing import StreamHash
from yiwang.seal.manifest import MOST_MANIFEST, DocumentEntry, SignedManifest, read_manifest
from yiwang.seal.padme import padded_size
from yiwang.seal.shapes import ShapeError

BLOCK = 256 * 1024
"""Bytes that are read, hashed and written at once."""
_SETTLED = 2.0
"""Seconds after which a further change of a file shows in its times, on every file system."""
MEMORY = 8 * 1024 * 1024
"""Bytes of opened documents of one bid that are kept in memory; further ones go to temporary files."""


Mark = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SealFile:
    """A document to seal: its name, its media type, and where its bytes are."""

    name: str
    type: str
    source: bytes | Path

    def open(self) -> IO[bytes]:
        """The content, to be read from its beginning."""
        return BytesIO(self.source) if isinstance(self.source, bytes) else self.source.open("rb")

    def mark(self) -> Mark | None:
        """What differs when the file was changed in between; None when it was changed too lately to tell by that."""
        if isinstance(self.source, bytes):
            return ()
        found = self.source.stat()
        if time.time() - max(found.st_mtime, found.st_ctime) < _SETTLED:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns

    def entry(self) -> DocumentEntry:
        """Size and hash, by reading the content once."""
        size, sha256 = 0, hashlib.sha256()
        with self.open() as file:
            while block := file.read(BLOCK):
                size += len(block)
                sha256.update(block)
        return DocumentEntry(self.name, size, sha256.hexdigest(), self.type)


class PayloadSource:
    """Reads as the payload of a signed manifest and its files; ``read(n)`` as of a file.

    ``marks`` are those of the files from before they were hashed: a file that was left alone since is not hashed again.
    """

    def __init__(self, signed: SignedManifest, files: Sequence[SealFile], marks: Sequence[Mark | None]) -> None:
        self._pieces = _payload(signed, files, marks)
        next(self._pieces)

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes, fewer where one part of the payload ends; empty at the end."""
        try:
            return self._pieces.send(size if size >= 0 else BLOCK)
        except StopIteration:
            return b""


_Pieces = Generator[bytes, int, int]
"""Is sent how many bytes are wanted next and yields at most so many; returns the number that nobody has served yet."""


def _payload(signed: SignedManifest, files: Sequence[SealFile], marks: Sequence[Mark | None]) -> _Pieces:
    head = signed.encode()
    head = len(head).to_bytes(8, "big") + head
    total = len(head) + sum(entry.size for entry in signed.manifest.documents)
    size = yield b""
    size = yield from _read_in_pieces(BytesIO(head), size)
    for file, entry, mark in zip(files, signed.manifest.documents, marks, strict=True):
        size = yield from _document(file, entry, mark, size)
    missing = padded_size(total) - total
    while missing:
        block = bytes(min(missing, size))
        missing -= len(block)
        size = yield block
    return size


def _document(file: SealFile, entry: DocumentEntry, mark: Mark | None, size: int) -> _Pieces:
    sha256 = StreamHash() if mark is None else None
    with file.open() as source:
        size = yield from _read_in_pieces(source, size, sha256)
        taken = source.tell()
    same = sha256.hexdigest() == entry.sha256 if sha256 else file.mark() == mark
    if not same or taken != entry.size:
        raise bad("files", f"文件 {file.name} 在加密过程中被改动", f"the file {file.name} changed while it was sealed")
    return size


def _read_in_pieces(source: IO[bytes], size: int, sha256: StreamHash | None = None) -> _Pieces:
    while piece := source.read(size):
        if sha256 is not None:
            sha256.update(piece)
        size = yield piece
    return size


@dataclass(frozen=True, slots=True)
class Document:
    """An opened document: what the manifest says of it, and its bytes in a (possibly temporary) file."""

    entry: DocumentEntry
    file: IO[bytes]

    def read(self) -> bytes:
        """The whole content."""
        self.file.seek(0)
        return self.file.read()


Place = Callable[[DocumentEntry], IO[bytes]]
"""Gives the file, open to write and read, that shall hold a document."""


class PayloadSink:
    """Takes the decrypted payload block by block and sorts it into manifest and documents.

    ``accept`` sees the manifest before any document is taken and may raise. Hashes of documents and the padding are
    checked on the way; :meth:`finish` says whether all was there. Nothing may be used before it has returned, since
    only then the encryption has vouched for the end of the file.
    """

    def __init__(self, accept: Callable[[SignedManifest], None], place: Place | None = None) -> None:
        self._accept = accept
        self._place = place or self._temporary
        self._signed: SignedManifest | None = None
        self._documents: dict[str, Document] = {}
        self._complete = False
        self._room = MEMORY
        self._held = bytearray()
        self._steps = self._run()
        self._want = next(self._steps)

    def write(self, data: bytes | memoryview) -> int:
        """Take the next bytes; SealError when they cannot be a payload."""
        view = memoryview(data)
        while view:
            if self._want < 0:
                taken = min(-self._want, len(view))
                self._want = self._steps.send(view[:taken])
            else:
                taken = min(self._want - len(self._held), len(view))
                self._held += view[:taken]
                if len(self._held) == self._want:
                    block, self._held = bytes(self._held), bytearray()
                    self._want = self._steps.send(memoryview(block))
            view = view[taken:]
        return len(data)

    def finish(self) -> tuple[SignedManifest, dict[str, Document]]:
        """Manifest and documents, once all has been written. SealError when the payload ended too early."""
        if self._signed is None or not self._complete:
            raise tenderers(Cause.BAD_MANIFEST, "内容提前结束", "the payload ends too early")
        return self._signed, self._documents

    def close(self) -> None:
        """Drop all documents, when the opening failed."""
        for document in self._documents.values():
            document.file.close()

    def _run(self) -> Generator[int, memoryview, None]:
        """Yields how many bytes it wants next and is sent exactly these; -n asks for at most n, whatever is there."""
        length = int.from_bytes((yield 8), "big")
        if not 0 < length <= MOST_MANIFEST:
            raise tenderers(Cause.BAD_MANIFEST, f"投标函长度 {length} 不合规", f"a manifest of {length} bytes")
        try:
            signed = self._signed = read_manifest(bytes((yield length)))
        except ShapeError as error:
            raise tenderers(Cause.BAD_MANIFEST, str(error), str(error)) from None
        self._accept(signed)
        total = 8 + length
        for entry in signed.manifest.documents:
            yield from self._take(entry)
            total += entry.size
        missing = padded_size(total) - total
        while missing:
            block = yield -missing
            missing -= len(block)
            if block != bytes(len(block)):
                raise tenderers(Cause.BAD_MANIFEST, "填充部分含有内容", "the padding is not all zero")
        self._complete = True
        yield 1
        raise tenderers(Cause.BAD_MANIFEST, "填充之后还有内容", "there are bytes after the padding")

    def _take(self, entry: DocumentEntry) -> Generator[int, memoryview, None]:
        file = self._place(entry)
        self._documents[entry.name] = Document(entry, file)
        sha256, missing = StreamHash(), entry.size
        while missing:
            block = yield -missing
            missing -= len(block)
            sha256.update(block)
            file.write(block)
        file.seek(0)
        if sha256.hexdigest() != entry.sha256:
            raise tenderers(Cause.DOCUMENT_DIFFERS, f"文件 {entry.name}", f"file {entry.name}")

    def _temporary(self, entry: DocumentEntry) -> IO[bytes]:
        if entry.size > self._room:
            return tempfile.TemporaryFile()
        self._room -= entry.size
        return BytesIO()
