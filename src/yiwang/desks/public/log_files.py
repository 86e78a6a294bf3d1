"""The public log as files over HTTP (C2SP tlog-tiles v0.1.0, prefix ``/log``), for programs written by others.

Nothing here asks the database or looks at who is asking: what is served is what lies in the log's folder, so any file
server can serve a copy of that folder instead (docs/operations.md). Tiles never change; only the checkpoint does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.urls import reverse
from django.utils.cache import get_conditional_response

from yiwang.modules.evidence import witnessing
from yiwang.modules.evidence.sequencer import the_log
from yiwang.modules.evidence.years import ENDED, ENDED_NAME, HANDOVER
from yiwang.tlog import served
from yiwang.tlog.checkpoint import unverified
from yiwang.tlog.errors import PolicyError
from yiwang.tlog.tiles import CHECKPOINT

TEXT = "text/plain; charset=utf-8"
TILE = "application/octet-stream"
FRESH = "public, max-age=2"
"""The checkpoint changes about once a second while acts are done; what is not there yet may come with the next one."""
STEADY = "public, max-age=300"
FOREVER = "public, max-age=31536000, immutable"

View = Callable[..., HttpResponse]


def same_for_all(view: View) -> View:
    """Mark a view whose answer depends on nothing but the address: no session, language or cookie is looked at.

    Such an answer may be cached by anybody and read by scripts of any site. GET and HEAD only.
    """

    @wraps(view)
    def answer(request: HttpRequest, **places: str) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        made = view(request, **places)
        made["Access-Control-Allow-Origin"] = "*"
        made["Content-Length"] = str(len(made.content))
        if request.method == "HEAD":
            made.content = b""
        return made

    answer.same_for_all = True  # type: ignore[attr-defined]
    return answer  # type: ignore[return-value]


@same_for_all
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed checkpoint with what cosignatures it has; 404 while the log is empty."""
    note = published()
    if note is None:
        return _nothing()
    etag = f'"{sha256(note).hexdigest()[:32]}"'
    answer = _file(note, TEXT, FRESH)
    answer["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=answer) or answer


@same_for_all
def tile(request: HttpRequest, rest: str) -> HttpResponse:
    """A tile or entry bundle under the published checkpoint; 404 for any other address."""
    size = _size()
    data = served.tile(folder(), f"tile/{rest}", size) if size else None
    return _nothing() if data is None else _file(data, TILE, FOREVER)


@same_for_all
def ended(request: HttpRequest, name: str, rest: str) -> HttpResponse:
    """A log of an earlier year, under an address of its own: its last checkpoint, its keys, its tiles."""
    place = folder() / ENDED / name
    if not ENDED_NAME.fullmatch(name) or not place.is_dir():
        return _nothing()
    if rest in (CHECKPOINT, "vkeys"):
        return _file((place / rest).read_bytes(), TEXT, STEADY)
    size = unverified((place / CHECKPOINT).read_bytes()).size
    data = served.tile(place, rest, size)
    return _nothing() if data is None else _file(data, TILE, FOREVER)


@same_for_all
def handover(request: HttpRequest) -> HttpResponse:
    """How the log's keys followed one another, with proofs; 404 while they never changed."""
    try:
        return _file((folder() / HANDOVER).read_bytes(), "application/json", STEADY)
    except FileNotFoundError:
        return _nothing()


@same_for_all
def vkeys(request: HttpRequest) -> HttpResponse:
    """The log's verifier keys, one a line."""
    return _file(the_log().keys.vkeys_text().encode(), TEXT, STEADY)


@same_for_all
def policy(request: HttpRequest) -> HttpResponse:
    """The log's keys and its witnesses as a C2SP tlog-policy, for verifiers; take it from a second source as well."""
    url = request.build_absolute_uri(reverse("public:log")).rstrip("/")
    logs = "".join(f"log {key} {url}\n" for key in the_log().keys.vkeys_text().splitlines())
    try:
        return _file((logs + witnessing.policy_text()).encode(), TEXT, STEADY)
    except PolicyError as error:
        return HttpResponse(f"{error}\n", content_type=TEXT, status=503, headers={"Cache-Control": "no-store"})


def published() -> bytes | None:
    """The published checkpoint's note as it lies in the log's folder; None before the first."""
    try:
        return (folder() / CHECKPOINT).read_bytes()
    except FileNotFoundError:
        return None


def folder() -> Path:
    """Where the log lies."""
    return Path(settings.LOG_FOLDER)


def _size() -> int:
    """Entries under the published checkpoint; 0 before the first."""
    try:
        found = (folder() / CHECKPOINT).stat()
    except FileNotFoundError:
        return 0
    return _size_in(folder(), found.st_mtime_ns, found.st_ino)


@lru_cache(maxsize=4)
def _size_in(folder: Path, changed: int, number: int) -> int:
    """The checkpoint file's size line. Each checkpoint is a file of its own, renamed into place."""
    return unverified((folder / CHECKPOINT).read_bytes()).size


def _file(data: bytes, kind: str, caching: str) -> HttpResponse:
    return HttpResponse(data, content_type=kind, headers={"Cache-Control": caching})


def _nothing() -> HttpResponse:
    return HttpResponse("not here / 没有这个文件\n", content_type=TEXT, status=404, headers={"Cache-Control": FRESH})
