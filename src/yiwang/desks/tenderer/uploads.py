"""Resumable uploads of sealed bids by the tus protocol, at ``/uploads/<tender>/``, straight into the vault.

| request | does |
|---|---|
| POST /uploads/<tender>/ | begins an upload: ``Upload-Length``, ``Upload-Metadata: sha256 <base64 of the hex>`` |
| HEAD, PATCH, DELETE /uploads/<tender>/<id>/ | how far it is; more bytes; give it up |

In a tender's last minute before the deadline, when it gives a grace after it, bytes wait (503, ``Retry-After``; NL-38).
The same file announced again gives the same upload. What is answered as received is on the disk. Who asks: a browser's
session with ``X-CSRFToken``, or HTTP Basic as for the API. Nobody but its tenderer learns that an upload exists. When the
last byte is here the whole is read back and compared with its SHA-256; ``Upload-Token`` of the answer then names the file
for the acts ``bid.submit`` and ``bid.deliver``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import wraps
from itertools import chain
from typing import Any

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from ninja.errors import HttpError

from yiwang.api import problems
from yiwang.api.auth import MEMBER
from yiwang.api.uploads import token_of
from yiwang.desks.tenderer import tus
from yiwang.kernel import moment
from yiwang.kernel.errors import NotVisible, Refused, YiwangError
from yiwang.kernel.rules import limit
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.bids import selectors, uploads
from yiwang.modules.evidence import vault
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import refusals
from yiwang.modules.tenders import selectors as tenders

Does = Callable[[HttpRequest, Actor, Any, str], HttpResponse]


def _tus(**methods: Does) -> Callable[..., HttpResponse]:
    """A view of the protocol: who asks, which method, and errors as problem JSON."""

    @csrf_exempt  # asked of sessions by MEMBER: programs have no cookie
    @wraps(_tus)
    def view(request: HttpRequest, number: str, upload: str = "") -> HttpResponse:
        method = tus.method_of(request)
        if method == "OPTIONS":
            return _offer()
        try:
            if method not in methods:
                raise tus.Malformed(405, "method", "这个地址不接受这种方法", "this address does not take that method")
            actor = MEMBER(request)
            tus.check_version(request)
            tender = tenders.tender(actor, number)
            if actor.organisation is None:
                raise NotVisible
            if method in ("POST", "PATCH"):
                uploads.after_the_last_minute(tender, moment.now())
            return tus.stamped(methods[method](request, actor, tender, upload))
        except HttpError as error:
            return tus.stamped(problems.from_http(request, error))
        except YiwangError as error:
            return _refusal(request, error)

    return view


def _refusal(request: HttpRequest, error: YiwangError) -> HttpResponse:
    response = problems.from_error(request, error)
    if isinstance(error, uploads.Later):
        response["Retry-After"] = str(error.seconds)
    if isinstance(error, vault.OffsetDiffers):
        response["Upload-Offset"] = str(error.offset)
    return tus.stamped(response)


def _offer() -> HttpResponse:
    return tus.answer(204, Tus_Version=tus.VERSION, Tus_Extension=tus.EXTENSIONS, Tus_Max_Size=limit("NL-16")["most"],
                      Tus_Checksum_Algorithm=",".join(tus.CHECKSUMS))  # fmt: skip


def _begin(request: HttpRequest, actor: Actor, tender: Any, _: str) -> HttpResponse:
    size, sha256 = tus.number(request, "Upload-Length"), tus.metadata(request).get("sha256", "")
    _ask(actor, tender, sha256, size)
    if size > limit("NL-16")["most"]:
        raise tus.Malformed(413, "Upload-Length", "文件过大", "the file is too large")
    made = vault.begin(uploads.owner(tender.number, actor.organisation.uscc), size, sha256)
    made = _receive(request, tender, made, 0) if tus.has_body(request) and made.offset == 0 else _finished(made)
    response = _state(actor, made, 201)
    response["Location"] = f"{request.path}{made.id}/"
    return response


def _look(request: HttpRequest, actor: Actor, tender: Any, upload: str) -> HttpResponse:
    return _state(actor, _finished(_find(actor, tender, upload)), 200)


def _more(request: HttpRequest, actor: Actor, tender: Any, upload: str) -> HttpResponse:
    offset = tus.number(request, "Upload-Offset")
    tus.has_body(request)
    found = _find(actor, tender, upload)
    if not found.complete:
        _ask(actor, tender, found.sha256, found.size)
    if offset != found.offset:
        raise vault.OffsetDiffers(found.offset)
    return _state(actor, found if found.complete else _receive(request, tender, found, offset), 204)


def _give_up(request: HttpRequest, actor: Actor, tender: Any, upload: str) -> HttpResponse:
    found = _find(actor, tender, upload)
    if found.complete and any(bid.envelope_sha256 == found.sha256 for bid in selectors.own(actor, tender)):
        raise Refused(_HANDED_IN)
    vault.discard(found.id, found.owner)
    return tus.answer(204)


def _receive(request: HttpRequest, tender: Any, upload: vault.Upload, offset: int) -> vault.Upload:
    """Take the request's body; when it completes the file, look whether it is what was announced."""
    sure = tus.checksum(request)
    with suppress(UnreadablePostError):  # the connection broke: what came counts, and nobody hears the answer
        vault.append(upload.id, upload.owner, offset, _sealed(tus.pieces(request, sure), offset), whole=sure is not None)
    now = vault.find(upload.id, upload.owner)
    uploads.check_beginning(tender, now, offset)
    return _finished(now)


def _finished(upload: vault.Upload) -> vault.Upload:
    """The upload; one whose bytes are all here is kept, perhaps after a crash that came between."""
    if upload.complete or upload.offset < upload.size:
        return upload
    vault.keep(upload.id, upload.owner)
    return vault.find(upload.id, upload.owner)


def _sealed(pieces: Iterator[bytes], offset: int) -> Iterator[bytes]:
    """The pieces, if they can be (part of) a sealed file."""
    first = next(pieces, b"")
    uploads.check_first(first, offset)
    return chain([first], pieces)


def _find(actor: Actor, tender: Any, upload: str) -> vault.Upload:
    return vault.find(upload, uploads.owner(tender.number, actor.organisation.uscc))


def _ask(actor: Actor, tender: Any, sha256: str, size: int) -> None:
    """Refused when the tenderer may not send these bytes now."""
    verdict = selectors.may_upload(actor, tender, sha256, size)
    if not verdict:
        refused = Refused(*verdict.reasons)
        act = "bid.deliver" if any(bid.envelope_sha256 == sha256 for bid in selectors.own(actor, tender)) else "bid.commit"
        signed = refusals.late(actor, tender, act, moment.now(), envelope_sha256=sha256)
        refused.enclosed |= {"refusal": signed.text} if signed else {}
        raise refused


def _state(actor: Actor, upload: vault.Upload, status: int) -> HttpResponse:
    response = tus.answer(status, Upload_Offset=upload.offset, Upload_Length=upload.size,
                          Upload_Metadata=tus.as_metadata(sha256=upload.sha256))  # fmt: skip
    if upload.complete:
        response["Upload-Token"] = token_of(actor, vault.stored(upload.sha256, upload.owner))
    return response


_HANDED_IN = Reason(
    "upload.handed_in",
    Text("这个文件已经作为投标提交，不能删除", "this file has been handed in as a bid and cannot be deleted"),
    passes=Text("撤回投标", "withdraw the bid"),
)

many = _tus(POST=_begin)
one = _tus(HEAD=_look, PATCH=_more, DELETE=_give_up)
