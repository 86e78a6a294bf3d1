"""Uploads are looked at by their content: type, size, whole or cut off, archives that would burst. Nothing is unpacked."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.desks.conftest import text_of
from yiwang.demo.cast import Cast
from yiwang.kernel import file_content
from yiwang.kernel.errors import BadInput
from yiwang.modules.evidence import files
from yiwang.modules.parties import services

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40 + b"\x00\x00\x00\x00IEND\xaeB`\x82"


def zipped(**names: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    return out.getvalue()


def bomb() -> bytes:
    """64 MiB of zeros in a file of about 64 KiB."""
    return zipped(zeros=b"\0" * 64 * file_content.MIB)


def encrypted() -> bytes:
    data = bytearray(zipped(a=b"x"))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def code_of(content: bytes, kind: str) -> str:
    """The code of what is wrong; '' when nothing is."""
    file = io.BytesIO(content)
    try:
        file_content.check(file, kind)
    except BadInput as error:
        return error.reasons[0].code
    finally:
        assert file.tell() == 0
    return ""


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (PDF, "application/pdf", ""),
        (PDF[:-12], "application/pdf", "file.end"),
        (PNG, "image/png", ""),
        (PNG[:-6], "image/png", "file.end"),
        (zipped(a=b"text"), "application/zip", ""),
        (zipped(a=b"text" * 99)[:-30], "application/zip", "file.archive"),
        (bomb(), "application/zip", "file.bomb"),
        (encrypted(), "application/zip", "file.encrypted"),
        (zipped(**{"../etc/passwd": b"x"}), "application/zip", "file.path"),
        (zipped(**{"word/document.xml": b"<x/>"}), file_content.DOCX, ""),
        (zipped(**{"word/other.xml": b"<x/>"}), file_content.DOCX, "file.document"),
        (b"a" * (5 * file_content.MIB + 1), "text/plain", "file.size"),
        (b"a" * (5 * file_content.MIB), "text/plain", ""),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_file_must_be(content: bytes, kind: str, code: str) -> None:
    assert code_of(content, kind) == code


def test_too_many_files_in_an_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_content, "MOST_ENTRIES", 2)
    assert code_of(zipped(a=b"", b=b"", c=b""), "application/zip") == "file.bomb"


def test_every_kind_of_document_has_its_limit() -> None:
    assert file_content.MOST.keys() == files.TYPES.keys()
    assert max(file_content.MOST.values()) <= files.MOST_BYTES


@pytest.fixture
def person(stage: Any) -> Any:
    """Somebody who may upload."""
    return services.add_person(username="ren", name="壬路人", password=None)


def api(person: Any, name: str, content: bytes) -> Any:
    client = Client()
    client.force_login(person)
    return client.post("/api/v1/files", {"file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize(("name", "content", "code"), [("plan.pdf", b"MZ\x90\x00" + b"\x00" * 200, "field.file"), ("a.zip", bomb(), "file.bomb"),
                                                       ("a.pdf", PDF[:-12], "file.end"), ("empty.txt", b"", "field.file")])  # fmt: skip
def test_the_api_refuses_and_keeps_nothing(person: Any, name: str, content: bytes, code: str) -> None:
    answer = api(person, name, content)
    assert answer.status_code == 422 and answer.json()["reasons"][0]["code"] == code, answer.content
    assert answer.json()["reasons"][0]["passes"]
    assert not files.folder().exists() or not [each for each in files.folder().rglob("*") if each.is_file()]


def test_the_api_takes_documents_and_no_fake_of_a_sealed_bid(person: Any) -> None:
    assert api(person, "misnamed.exe", PDF).json()["media_type"] == "application/pdf"
    fake = api(person, "bid.sealed", b"yiwang-seal/v1\n{}\n" + b"\x8f" * 400)
    assert fake.status_code == 422, "a sealed bid is looked at too: tests/site/test_uploads.py has good ones"


def test_the_page_refuses_an_archive_that_would_burst(cast: Cast, play: Any, desk: Any) -> None:
    number = play("draft").number
    url = f"/desk/tenders/{number}/tender.attach_document/"
    page = desk(cast.buyer).post(url, kind="tender_document", file=SimpleUploadedFile("plans.zip", bomb()))
    assert page.status_code == 422 and "解开后过大" in text_of(page)
    assert desk(cast.buyer).post(url, kind="tender_document", file=SimpleUploadedFile("plans.pdf", PDF)).status_code == 302
