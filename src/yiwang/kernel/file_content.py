"""Looking at an uploaded file's content: whole or cut off, within the limit of its kind, and no archive that would burst.

Nothing is unpacked: an archive's own directory says what it holds and how large that is. What a file is is told by its
first bytes elsewhere; this looks at the rest.
"""

from __future__ import annotations

import os
import zipfile
from typing import IO

from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.text import Text

MIB = 1024 * 1024
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MOST: dict[str, int] = {
    "application/pdf": 200 * MIB,
    "application/zip": 200 * MIB,
    DOCX: 50 * MIB,
    XLSX: 50 * MIB,
    "image/png": 20 * MIB,
    "image/jpeg": 20 * MIB,
    "text/plain": 5 * MIB,
}
"""Largest size in bytes of each kind of document."""

MOST_ENTRIES = 10_000
"""Files that an archive may hold."""
MOST_UNPACKED = 2048 * MIB
"""Bytes that all of them may have together once unpacked, by the archive's own directory."""
MOST_RATIO = 200
"""How many times larger than the archive that may be; archives that are small once unpacked are let pass."""
SMALL = 20 * MIB

_INSIDE = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml"}
_ENDS = {"application/pdf": (b"%%EOF", 2048), "image/png": (b"IEND\xaeB`\x82", 64), "image/jpeg": (b"\xff\xd9", 64)}
"""What must stand within so many last bytes: else the file was cut off on its way."""


def check(file: IO[bytes], kind: str, *, field: str = "file") -> None:
    """Look at a file of a media type; its position is at the beginning again afterwards.

    Raises:
        BadInput: larger than its kind may be, cut off, or an archive that is broken, encrypted, holds too much, or leads
            outside its folder.
    """
    try:
        size = file.seek(0, os.SEEK_END)
        _check_size(size, kind, field)
        _check_end(file, size, kind, field)
        if kind == "application/zip" or kind in _INSIDE:
            _check_archive(file, size, kind, field)
    finally:
        file.seek(0)


def _check_size(size: int, kind: str, field: str) -> None:
    most = MOST.get(kind)
    if most is not None and size > most:
        limit = f"{most // MIB} MiB"
        passes = Text(f"这类文件不超过 {limit}，可以分成几份", f"at most {limit} for this kind; split it")
        raise bad(field, f"文件超过 {limit}", f"the file is larger than {limit}", code="file.size", passes=passes)


def _check_end(file: IO[bytes], size: int, kind: str, field: str) -> None:
    mark, within = _ENDS.get(kind, (b"", 0))
    file.seek(max(0, size - within))
    if mark and mark not in file.read():
        raise _wrong(field, "文件不完整，结尾缺失", "the file is cut off: its end is missing", "file.end")


def _check_archive(file: IO[bytes], size: int, kind: str, field: str) -> None:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        raise _wrong(field, "压缩包损坏，目录无法读取", "the archive is broken: its directory cannot be read", "file.archive") from None
    unpacked = sum(each.file_size for each in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or (unpacked > SMALL and unpacked > MOST_RATIO * size):
        zh = f"压缩包解开后过大（{len(entries)} 个文件，{unpacked // MIB} MiB）"
        en = f"the archive would be too large once unpacked ({len(entries)} files, {unpacked // MIB} MiB)"
        passes = Text(f"不超过 {MOST_ENTRIES} 个文件、{MOST_UNPACKED // MIB} MiB 的压缩包",
                      f"an archive of at most {MOST_ENTRIES} files and {MOST_UNPACKED // MIB} MiB")
        raise bad(field, zh, en, code="file.bomb", passes=passes)
    if any(each.flag_bits & 1 for each in entries):
        raise _wrong(field, "压缩包设了密码，别人无法打开", "the archive has a password: nobody could open it", "file.encrypted")
    if any(_leads_out(each.filename) for each in entries):
        raise _wrong(field, "压缩包里有指向文件夹之外的路径", "the archive holds a path that leads outside its folder", "file.path")
    inside = _INSIDE.get(kind)
    if inside and inside not in {each.filename for each in entries}:
        raise _wrong(field, "文件不是完整的文档", "the file is no complete document", "file.document")


def _leads_out(name: str) -> bool:
    plain = name.replace("\\", "/")
    return plain.startswith("/") or ":" in plain.partition("/")[0] or ".." in plain.split("/")


def _wrong(field: str, zh: str, en: str, code: str) -> BadInput:
    passes = Text("在自己的电脑上能正常打开的文件，重新导出或压缩后再上传",
                  "a file that opens on your own computer; export or pack it anew and upload it again")
    return bad(field, zh, en, code=code, passes=passes)
