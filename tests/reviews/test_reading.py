"""Words of Word documents, PDFs and plain texts; what cannot be read is told of."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest

from yiwang.modules.reviews import reading

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    """Files of this test alone."""
    settings.FILES_FOLDER = tmp_path / "files"


def put(name: str, content: bytes) -> str:
    """A file under a made-up hash."""
    path = reading.files.path_of(name)
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return name


def docx(tmp_path: Path, *paragraphs: str, part: str = "word/document.xml") -> bytes:
    """A Word document; each paragraph in two runs, as editors leave them."""
    runs = "".join(f"<w:p><w:r><w:t>{escape(p[:3])}</w:t></w:r><w:r><w:t>{escape(p[3:])}</w:t></w:r></w:p>" for p in paragraphs)
    path = tmp_path / "made.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(part, f'<w:document xmlns:w="{W}"><w:body>{runs}</w:body></w:document>')
    return path.read_bytes()


def pdf(line: str) -> bytes:
    """The smallest PDF that says a line."""
    stream = f"BT /F1 12 Tf 72 720 Td ({line}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]  # fmt: skip
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(out)
    return out + b"xref\n0 6\n0000000000 65535 f \n" + table + tail


def test_words_of_each_kind(tmp_path: Path) -> None:
    a, b, c = "a" * 64, "b" * 64, "c" * 64
    put(a, docx(tmp_path, "投标人须在本市注册。", "其他 & 条款"))
    assert reading.words_of(a, WORD) == ("投标人须在本市注册。\n其他 & 条款", True)
    assert (tmp_path / "words" / "aa").is_dir()  # kept, so that it is read once
    put(b, pdf("Bids close at nine."))
    assert reading.words_of(b, "application/pdf") == ("Bids close at nine.", True)
    put(c, "第一条".encode())
    assert reading.words_of(c, "text/plain") == ("第一条", True)


@pytest.mark.parametrize(("content", "kind"), [
    (b"not a zip", WORD), (b"%PDF-1.4 broken", "application/pdf"), (b"\x89PNG", "image/png"),
    (b"<!DOCTYPE x>", WORD),
])  # fmt: skip
def test_what_cannot_be_read_is_not_whole(content: bytes, kind: str) -> None:
    name = put(f"{abs(hash((content, kind))):064x}"[:64], content)
    assert reading.words_of(name, kind) == ("", False)


def test_a_word_file_without_its_text_or_with_entities_is_not_read(tmp_path: Path) -> None:
    name = put("d" * 64, docx(tmp_path, "甲", part="word/other.xml"))
    assert reading.words_of(name, WORD) == ("", False)
    types = f'<!DOCTYPE w [<!ENTITY a "{"x" * 100}"><!ENTITY b "{"&a;" * 100}">]>'
    bomb = f'{types}<w:document xmlns:w="{W}"><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:document>'
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", bomb)
    name = put("e" * 64, path.read_bytes())
    assert reading.words_of(name, WORD) == ("", False)
