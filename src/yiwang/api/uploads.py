"""Uploads: a file is stored by its hash, and a signed token says who brought it, so that no table is needed."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django.core import signing
from django.http import HttpRequest
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from yiwang.api.auth import MEMBER, actor_in
from yiwang.api.problems import ERRORS
from yiwang.kernel import file_content
from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.modules.bids import uploads
from yiwang.modules.evidence import files
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.tenders import selectors as tenders
from yiwang.seal import envelope

router = Router(tags=["files"])
_SALT = "yiwang.api.uploads"
HOURS = 24
"""For how many hours an upload's token is good."""


class Uploaded(Schema):
    """A stored file."""

    sha256: str
    size: int = Field(description="bytes")
    media_type: str = Field(description="as found in the content, whatever the name says")
    token: str = Field(description=f"names the file in an act; yours alone, for {HOURS} hours")


@router.post("/files", auth=MEMBER, response={201: Uploaded, **ERRORS}, operation_id="files.upload")
def upload(request: HttpRequest, file: File[UploadedFile]) -> Status[dict[str, Any]]:
    """Upload a file for a later act: a tender's document, a sealed bid. The server looks at the content, not the name."""
    head = file.read(8192)
    kind = files.media_type(head)
    if not head.startswith(envelope.MAGIC):
        if head and kind not in files.TYPES:
            ends = " ".join(sorted(files.TYPES.values()))
            raise bad("file", f"文件内容是 {kind}，不是可以接受的类型", f"the file's content is {kind}, which is not a type taken here",
                      passes=Text(f"{ends}，或密封的投标文件", f"{ends}, or a sealed bid"))
        assert file.file is not None  # an uploaded file has one
        file_content.check(file.file, kind)
        stored = files.store(file.chunks())
    else:
        stored = _sealed(actor_in(request), file)
    facts = {"sha256": stored.sha256, "size": stored.size, "media_type": stored.media_type}
    return Status(201, {**facts, "token": token_of(actor_in(request), stored)})


def token_of(actor: Actor, stored: files.Stored) -> str:
    """Names a stored file in an act of this actor."""
    facts = {"sha256": stored.sha256, "size": stored.size, "media_type": stored.media_type}
    return signing.dumps({**facts, "person": str(actor.person.pk)}, salt=_SALT)


def _sealed(actor: Actor, file: UploadedFile) -> files.Stored:
    """Keep a sealed bid in the vault, as its header says for which tender."""
    if actor.organisation is None:
        raise bad("file", "您没有代表的单位，不能投标", "you act for no organisation and cannot bid")
    assert file.file is not None  # an uploaded file has one
    number = envelope.read_header(cast(BinaryIO, file.file)).context.tender
    if not tenders.is_visible(actor, number):
        raise bad("file", f"没有项目 {number}", f"there is no tender {number}",
                  passes=Text("为本平台的项目密封", "seal for a tender of this platform"))
    file.seek(0)
    return uploads.keep(file.chunks(), actor, number)


def stored(actor: Actor, token: str, *, field: str, types: tuple[str, ...] | None) -> files.Stored:
    """The file that a token names.

    Raises:
        BadInput: not a token of this actor, too old, or a type that the act does not take.
    """
    try:
        facts = signing.loads(token, salt=_SALT, max_age=HOURS * 3600)
    except signing.BadSignature:
        facts = {}
    if not facts or actor.person is None or facts["person"] != str(actor.person.pk):
        raise bad(field, "没有您上传的这个文件", "this is no file that you uploaded",
                  passes=Text("先用 POST /files 上传，再填写返回的 token", "upload it with POST /files, then give its token"))
    if types is not None and facts["media_type"] not in types:
        ends = " ".join(sorted(files.TYPES[name] for name in types))
        raise bad(field, f"文件内容是 {facts['media_type']}，不是可以接受的类型",
                  f"the file's content is {facts['media_type']}, which is not a type taken here", passes=Text(ends, ends))
    return files.Stored(facts["sha256"], facts["size"], facts["media_type"])
