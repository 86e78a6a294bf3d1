"""Files, kept by the SHA-256 of their content. What kind a file is is told by its content, not by its name."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

import filetype
from django.conf import settings

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text

MOST_BYTES = 200 * 1024 * 1024
"""Largest document that a form takes, 200 MiB; sealed bids have a limit of their own."""

TYPES = {
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "text/plain": ".txt",
}
"""Media types that a tender's documents may have."""


_BREAKS = dict.fromkeys(map(ord, "\r\n\t"))


class Writable(Protocol):
    """What pieces can be written to."""

    def write(self, piece: bytes, /) -> object:
        """Take a piece."""


@dataclass(frozen=True)
class Stored:
    """A file in the store: hex SHA-256, size in bytes, media type as found in the content."""

    sha256: str
    size: int
    media_type: str


def folder() -> Path:
    """Where files live (``settings.FILES_FOLDER``)."""
    return Path(settings.FILES_FOLDER)


def path_of(sha256: str) -> Path:
    """The path of a stored file by its hash."""
    return folder() / sha256[:2] / sha256


def store(chunks: Iterable[bytes], *, field: str = "file", types: Iterable[str] | None = None, most: int = MOST_BYTES) -> Stored:
    """Keep a file durably under its hash.

    Args:
        chunks: the content, piece by piece.
        field: the form field to name in errors.
        types: media types allowed; None takes any.
        most: largest size in bytes.

    Raises:
        BadInput: empty, too large, or of a type that is not allowed; nothing is kept then.
    """
    with _incoming() as (out, path):
        sha256, size, head = copy(chunks, out, field, most)
        kind = media_type(head)
        check(size, kind, field, types)
        _settle(out, path, sha256)
    return Stored(sha256, size, kind)


def place(chunks: Iterable[bytes], sha256: str) -> None:
    """Keep a file durably under a name that its content may not deserve: what was damaged elsewhere stays told of as such."""
    with _incoming() as (out, path):
        out.writelines(chunks)
        _settle(out, path, sha256)


def media_type(head: bytes) -> str:
    """The media type told by a file's first bytes (needs up to 8 KiB); unknown is octet-stream."""
    found = filetype.guess_mime(head) if head else None
    if found:
        return str(found)
    try:
        text = head.decode("utf-8", errors="strict") if len(head) < 8192 else head[:8000].decode("utf-8", errors="ignore")
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "text/plain" if text.translate(_BREAKS).isprintable() else "application/octet-stream"


@contextmanager
def _incoming() -> Iterator[tuple[IO[bytes], Path]]:
    """A file to write to, and its path; it is gone afterwards unless it was given its name."""
    folder().mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder(), prefix="incoming-")
    try:
        with os.fdopen(handle, "wb") as out:
            yield out, Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _settle(out: IO[bytes], path: Path, sha256: str) -> None:
    out.flush()
    os.fsync(out.fileno())
    target = path_of(sha256)
    target.parent.mkdir(exist_ok=True)
    path.replace(target)
    _sync_folder(target.parent)


def copy(chunks: Iterable[bytes], out: Writable, field: str, most: int) -> tuple[str, int, bytes]:
    """Write pieces to ``out``; gives their hex SHA-256, size and first 8 KiB.

    Raises:
        BadInput: more than ``most`` bytes.
    """
    hasher, size, head = hashlib.sha256(), 0, b""
    for chunk in chunks:
        size += len(chunk)
        if size > most:
            limit = f"{most // 1024 // 1024} MiB"
            passes = Text(f"不超过 {limit} 的文件", f"a file of at most {limit}")
            raise bad(field, f"文件超过 {limit}", f"the file is larger than {limit}", passes=passes)
        if len(head) < 8192:
            head += chunk[: 8192 - len(head)]
        hasher.update(chunk)
        out.write(chunk)
    return hasher.hexdigest(), size, head


def check(size: int, kind: str, field: str, types: Iterable[str] | None) -> None:
    """Refuse a file that is empty, or of another type than these (None: any)."""
    if size == 0:
        raise bad(field, "文件是空的", "the file is empty", passes=Text("有内容的文件", "a file with content"))
    allowed = set(types) if types is not None else None
    if allowed is not None and kind not in allowed:
        ends = " ".join(sorted({TYPES.get(name, name) for name in allowed}))
        raise bad(
            field,
            f"文件内容是 {kind}，不是可以接受的类型",
            f"the file's content is {kind}, which is not a type taken here",
            passes=Text(f"以下类型的文件：{ends}", f"a file of one of these types: {ends}"),
        )


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
