"""The words of the tus protocol 1.0.0 (https://tus.io/protocols/resumable-upload): headers read, answers made."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,checksum"
CHECKSUMS: dict[str, Callable[[], Any]] = {"sha256": hashlib.sha256, "sha1": lambda: hashlib.sha1(usedforsecurity=False)}
BODY = "application/offset+octet-stream"
PIECE = 1 << 20


class Malformed(YiwangError):
    """A request that is not of the protocol; ``status`` as the protocol says."""

    def __init__(self, status: int, field: str, zh: str, en: str, passes: Text | None = None) -> None:
        self.status = status
        super().__init__(Reason(f"tus.{field.lower()}", Text(zh, en), field=field, passes=passes))


class ChecksumDiffers(Malformed):
    """What came does not have the checksum that came with it; none of it counts."""

    def __init__(self) -> None:
        super().__init__(460, "Upload-Checksum", "这一段内容在传输中损坏，没有收下", "this chunk was damaged on its way and does not count",
                         Text("重新发送这一段", "send it again"))  # fmt: skip


def method_of(request: HttpRequest) -> str:
    """The method, or what a client behind a proxy that knows no PATCH says that it is."""
    override = request.headers.get("X-HTTP-Method-Override", "") if request.method == "POST" else ""
    return override.upper() or str(request.method)


def check_version(request: HttpRequest) -> None:
    """Malformed (412) when the client speaks another version."""
    if request.headers.get("Tus-Resumable") != VERSION:
        raise Malformed(412, "Tus-Resumable", "上传协议版本不对", "another version of the upload protocol", Text(VERSION, VERSION))


def number(request: HttpRequest, name: str) -> int:
    """A header that is a whole number.

    Raises:
        Malformed: it is absent or is none.
    """
    given = request.headers.get(name, "")
    if not (given.isascii() and given.isdecimal() and len(given) < 19):
        raise Malformed(400, name, f"缺少 {name}，或不是整数", f"{name} is missing or is no whole number",
                        Text("非负整数", "a whole number, not negative"))  # fmt: skip
    return int(given)


def metadata(request: HttpRequest) -> dict[str, str]:
    """The header Upload-Metadata: names with base64 values.

    Raises:
        Malformed: it does not have that form.
    """
    found = {}
    for pair in filter(None, request.headers.get("Upload-Metadata", "").split(",")):
        name, _, coded = pair.strip().partition(" ")
        try:
            found[name] = base64.b64decode(coded, validate=True).decode()
        except (binascii.Error, ValueError):
            raise Malformed(400, "Upload-Metadata", f"{name} 的值不是 base64", f"the value of {name} is not base64") from None
    return found


def as_metadata(**values: str) -> str:
    """The header Upload-Metadata from values."""
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in values.items())


def has_body(request: HttpRequest) -> bool:
    """Whether bytes of an upload come with the request.

    Raises:
        Malformed: 411 without a length, 415 with a body of another kind.
    """
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length and method_of(request) == "PATCH":
        raise Malformed(411, "Content-Length", "缺少 Content-Length", "Content-Length is missing")
    if (request.content_type or "") != BODY and (method_of(request) == "PATCH" or (length.isdecimal() and int(length))):
        raise Malformed(415, "Content-Type", f"内容类型应为 {BODY}", f"the content type must be {BODY}", Text(BODY, BODY))
    return length.isdecimal() and int(length) > 0


def checksum(request: HttpRequest) -> tuple[Any, bytes] | None:
    """What Upload-Checksum says: a hasher and the digest that it must give; None without the header.

    Raises:
        Malformed: an algorithm that is not supported, or no base64.
    """
    header = request.headers.get("Upload-Checksum")
    if header is None:
        return None
    name, _, coded = header.partition(" ")
    try:
        return CHECKSUMS[name](), base64.b64decode(coded, validate=True)
    except (KeyError, binascii.Error):
        names = ", ".join(CHECKSUMS)
        raise Malformed(400, "Upload-Checksum", "校验和的算法或形式不对", "checksum of an unknown algorithm or form",
                        Text(f"{names}，base64", f"{names}, in base64")) from None  # fmt: skip


def pieces(request: HttpRequest, sure: tuple[Any, bytes] | None) -> Iterator[bytes]:
    """The body as it comes, at most :data:`PIECE` bytes at a time; never the whole of it in memory, never in a file.

    Args:
        sure: see :func:`checksum`.

    Raises:
        ChecksumDiffers: at the end.
        OSError: the connection broke.
    """
    while piece := request.read(PIECE):
        if sure:
            sure[0].update(piece)
        yield piece
    if sure and sure[0].digest() != sure[1]:
        raise ChecksumDiffers


def answer(status: int, **headers: object) -> HttpResponse:
    """An empty answer with headers; ``Upload_Offset=5`` becomes ``Upload-Offset: 5``."""
    return stamped(HttpResponse(status=status, headers={name.replace("_", "-"): str(each) for name, each in headers.items()}))


def stamped(response: HttpResponse) -> HttpResponse:
    """The answer with what every answer of the protocol has; nobody may keep it."""
    response["Tus-Resumable"] = VERSION
    response["Cache-Control"] = "no-store"
    if response.status_code == 412:
        response["Tus-Version"] = VERSION
    if response.status_code == 204:
        del response["Content-Type"]
    return response
