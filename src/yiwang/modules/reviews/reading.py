"""The words of stored files: plain text, Word documents, PDF. What is read once is kept beside the store.

A file is named by its hash, so its words never change; a scan, a locked file or one that is too long is read as far as
it goes, and told of as not whole.
"""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import IO
from xml.etree import ElementTree

from yiwang.kernel.review_text import joined
from yiwang.modules.evidence import files

MOST = 2_000_000
"""Characters that are read of one file."""
PAGES, SECONDS = 400, 20
"""Pages of a PDF that are read, and how long that may take."""
UNPACKED = 64 * 2**20
"""Bytes to which a Word document's text may unpack."""

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VERSION = 1
"""Of the reading; files read by an older one are read anew."""


def words_of(sha256: str, media_type: str) -> tuple[str, bool]:
    """The words of a stored file, and whether these are all."""
    return _words(sha256, media_type, files.path_of(sha256).is_file())


@lru_cache(maxsize=256)
def _words(sha256: str, media_type: str, there: bool) -> tuple[str, bool]:
    if not there:
        return "", False
    if media_type == "text/plain":
        return _plain(files.path_of(sha256))
    if media_type not in (_WORD, "application/pdf"):
        return "", False
    kept = files.folder().parent / "words" / sha256[:2] / f"{sha256}.{VERSION}.json"
    if kept.is_file():
        words, whole = json.loads(kept.read_text(encoding="utf-8"))
        return words, whole
    found = _word(files.path_of(sha256)) if media_type == _WORD else _pdf(files.path_of(sha256))
    _keep(kept, found)
    return found


def _keep(path: Path, found: tuple[str, bool]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(found, out, ensure_ascii=False)
    Path(name).replace(path)


def _plain(path: Path) -> tuple[str, bool]:
    with path.open("rb") as file:
        content = file.read(MOST * 3 + 1)
    words = content.decode("utf-8", errors="replace")
    return words[:MOST], len(content) <= MOST * 3 and len(words) <= MOST


def _word(path: Path) -> tuple[str, bool]:
    try:
        with zipfile.ZipFile(path) as archive:
            part = archive.getinfo("word/document.xml")
            if part.file_size > UNPACKED:
                return "", False
            with archive.open(part) as file:
                if b"<!DOCTYPE" in file.read(4096):  # Word declares no types of its own; entities can grow without end
                    return "", False
            with archive.open(part) as file:
                words = "\n".join(_paragraphs(file))
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, NotImplementedError, RuntimeError, EOFError):
        return "", False
    return words[:MOST], bool(words) and len(words) <= MOST


def _paragraphs(file: IO[bytes]) -> Iterator[str]:
    """Paragraphs one after another."""
    for _, node in ElementTree.iterparse(file, events=("end",)):
        if node.tag != f"{_W}p":
            continue
        words = "".join(each.text or "" if each.tag == f"{_W}t" else "\n" for each in node.iter() if each.tag in (f"{_W}t", f"{_W}br"))
        if words.strip():
            yield words
        node.clear()


def _pdf(path: Path) -> tuple[str, bool]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    end, pages, whole = monotonic() + SECONDS, list[str](), True
    try:
        reader = PdfReader(path)
        for number, page in enumerate(reader.pages):
            if number >= PAGES or monotonic() > end or sum(map(len, pages)) > MOST:
                whole = False
                break
            words = joined(page.extract_text().splitlines())
            whole = whole and bool(words.strip())
            pages.append(words)
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OSError):
        whole = False  # a reader of damaged files cannot know in advance how they are damaged
    words = "\n".join(pages)
    return words[:MOST], whole and bool(words) and len(words) <= MOST
