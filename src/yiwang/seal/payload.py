"""The payload inside the seal, as a stream: ``u64 length || signed manifest || documents || zero padding``.

Both directions hold one block in memory, whatever the size of the documents.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from yiwang.kernel.errors import bad
from yiwang.seal.causes import Cause, tenderers
from yiwang.seal.manifest import MOST_MANIFEST, DocumentEntry, SignedManifest, read_manifest
from yiwang.seal.padme import padded_size
from yiwang.seal.shapes import ShapeError

BLOCK = 65536
MEMORY = 8 * 1024 * 1024
"""Bytes of opened documents of one bid that are kept in memory; further ones go to temporary files."""


@dataclass(frozen=True, slots=True)
class SealFile:
    """A document to seal: its name, its media type, and where its bytes are."""

    name: str
    type: str
    source: bytes | Path

    def blocks(self) -> Iterator[bytes]:
        """The content in blocks."""
        with BytesIO(self.source) if isinstance(self.source, bytes) else self.source.open("rb") as file:
            while block := file.read(BLOCK):
                yield block

    def entry(self) -> DocumentEntry:
        """Size and hash, by reading the content once."""
        size, sha256 = 0, hashlib.sha256()
        for block in self.blocks():
            size += len(block)
            sha256.update(block)
        return DocumentEntry(self.name, size, sha256.hexdigest(), self.type)


class PayloadSource:
    """Reads as the payload of a signed manifest and its files; ``read(n)`` as of a file."""

    def __init__(self, signed: SignedManifest, files: Sequence[SealFile]) -> None:
        self.error: Exception | None = None
        self._rest = memoryview(b"")
        self._blocks = _payload_blocks(signed, files)

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes; empty at the end. What goes wrong is kept in ``error`` as well."""
        try:
            while not self._rest:
                self._rest = memoryview(next(self._blocks, b""))
                if not self._rest:
                    return b""
        except Exception as error:
            self.error = error
            raise
        piece = bytes(self._rest[:size] if size >= 0 else self._rest)
        self._rest = self._rest[len(piece) :]
        return piece


def _payload_blocks(signed: SignedManifest, files: Sequence[SealFile]) -> Iterator[bytes]:
    head = signed.encode()
    total = 8 + len(head)
    yield len(head).to_bytes(8, "big") + head
    for file, entry in zip(files, signed.manifest.documents, strict=True):
        sha256 = hashlib.sha256()
        for block in file.blocks():
            sha256.update(block)
            yield block
        if sha256.hexdigest() != entry.sha256:
            raise bad(
                "files", f"文件 {file.name} 在加密过程中被改动", f"the file {file.name} changed while it was sealed"
            )
        total += entry.size
    missing = padded_size(total) - total
    while missing:
        block = bytes(min(missing, BLOCK))
        missing -= len(block)
        yield block


@dataclass(frozen=True, slots=True)
class Document:
    """An opened document: what the manifest says of it, and its bytes in a (possibly temporary) file."""

    entry: DocumentEntry
    file: IO[bytes]

    def read(self) -> bytes:
        """The whole content."""
        self.file.seek(0)
        return self.file.read()


class PayloadSink:
    """Takes the decrypted payload block by block and sorts it into manifest and documents.

    ``accept`` sees the manifest before any document is taken and may raise. Hashes of documents and the padding are
    checked on the way; :meth:`finish` says whether all was there. Nothing may be used before it has returned, since
    only then the encryption has vouched for the end of the file.
    """

    def __init__(self, accept: Callable[[SignedManifest], None]) -> None:
        self._accept = accept
        self._signed: SignedManifest | None = None
        self._documents: dict[str, Document] = {}
        self._complete = False
        self._room = MEMORY
        self._held = bytearray()
        self._steps = self._run()
        self._want = next(self._steps)

    def write(self, data: bytes) -> int:
        """Take the next bytes; SealError when they cannot be a payload."""
        view = memoryview(data)
        while view:
            taken = min(self._want - len(self._held), len(view))
            self._held += view[:taken]
            view = view[taken:]
            if len(self._held) == self._want:
                block, self._held = bytes(self._held), bytearray()
                self._want = self._steps.send(block)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back that could be flushed."""

    def finish(self) -> tuple[SignedManifest, dict[str, Document]]:
        """Manifest and documents, once all has been written. SealError when the payload ended too early."""
        if self._signed is None or not self._complete:
            raise tenderers(Cause.BAD_MANIFEST, "内容提前结束", "the payload ends too early")
        return self._signed, self._documents

    def close(self) -> None:
        """Drop all documents, when the opening failed."""
        for document in self._documents.values():
            document.file.close()

    def _run(self) -> Generator[int, bytes, None]:
        """Yields how many bytes it wants next and is sent exactly these."""
        length = int.from_bytes((yield 8), "big")
        if not 0 < length <= MOST_MANIFEST:
            raise tenderers(Cause.BAD_MANIFEST, f"投标函长度 {length} 不合规", f"a manifest of {length} bytes")
        try:
            signed = self._signed = read_manifest((yield length))
        except ShapeError as error:
            raise tenderers(Cause.BAD_MANIFEST, str(error), str(error)) from None
        self._accept(signed)
        total = 8 + length
        for entry in signed.manifest.documents:
            yield from self._take(entry)
            total += entry.size
        for size in _block_sizes(padded_size(total) - total):
            if any((yield size)):
                raise tenderers(Cause.BAD_MANIFEST, "填充部分含有内容", "the padding is not all zero")
        self._complete = True
        yield 1
        raise tenderers(Cause.BAD_MANIFEST, "填充之后还有内容", "there are bytes after the padding")

    def _take(self, entry: DocumentEntry) -> Generator[int, bytes, None]:
        file = self._place_for(entry.size)
        self._documents[entry.name] = Document(entry, file)
        sha256 = hashlib.sha256()
        for size in _block_sizes(entry.size):
            block = yield size
            sha256.update(block)
            file.write(block)
        file.seek(0)
        if sha256.hexdigest() != entry.sha256:
            raise tenderers(Cause.DOCUMENT_DIFFERS, f"文件 {entry.name}", f"file {entry.name}")

    def _place_for(self, size: int) -> IO[bytes]:
        if size > self._room:
            return tempfile.TemporaryFile()
        self._room -= size
        return BytesIO()


def _block_sizes(size: int) -> Iterator[int]:
    while size:
        block = min(size, BLOCK)
        size -= block
        yield block
