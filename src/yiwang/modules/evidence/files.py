"""Files, kept by the SHA-256 of their content. What kind a file is is told by its content, not by its name."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

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
    folder().mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder(), prefix="incoming-")
    try:
        with os.fdopen(handle, "wb") as out:
            sha256, size, head = _copy(chunks, out, field, most)
            out.flush()
            os.fsync(out.fileno())
        kind = media_type(head)
        _check(size, kind, field, types)
        target = path_of(sha256)
        target.parent.mkdir(exist_ok=True)
        Path(name).replace(target)
        _sync_folder(target.parent)
        return Stored(sha256, size, kind)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


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


def _copy(chunks: Iterable[bytes], out: IO[bytes], field: str, most: int) -> tuple[str, int, bytes]:
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


def _check(size: int, kind: str, field: str, types: Iterable[str] | None) -> None:
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
