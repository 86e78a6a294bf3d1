"""The opening hall for everybody: the page, what stands in it now, and the center's clock.

The page follows the live stream of its tender, which says only that something changed; what changed is fetched from
:func:`now`: the same bytes for everybody in one language, without cookies, to be kept by anybody for a moment.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseNotFound, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from yiwang.desks.access import actor_of
from yiwang.desks.public import hall_facts
from yiwang.kernel import moment
from yiwang.kernel.errors import NotVisible
from yiwang.kernel.text import Text, language
from yiwang.modules.evidence import permits, registry
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.tenders import selectors as tenders
from yiwang.ui.language import speaking
from yiwang.ui.shapes import Link

KEEP = 2.0
"""Seconds for which an answer is kept when no act came: what depends on the time alone is never older."""
_MOST, _DIGITS = 256, 10
READ = ("GET", "HEAD")
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer: of which tender, up to which act of its chain, made when, the bytes and their ETag."""

    tender: int
    seq: int
    made: float
    body: bytes
    tag: str

    @property
    def fresh(self) -> bool:
        """Whether it is not older than :data:`KEEP`."""
        return time.monotonic() - self.made <= KEEP


_kept: OrderedDict[tuple[str, str], Kept] = OrderedDict()


def hall(request: HttpRequest, number: str) -> HttpResponse:
    """The hall's page."""
    tender = tenders.tender(PUBLIC, number)
    actor = actor_of(request)
    hosts = actor.known and bool(permits.role_for(registry.row_of("hall.advance"), actor, tender))
    here = reverse("public:tender", args=[number])
    context = {
        **hall_facts.facts(tender),
        **following(number),
        "tender_url": here,
        "own_url": reverse("desk:tender", args=[number]) if actor.known else "",
        "console_url": reverse("desk:hall", args=[number]) if hosts else "",
        "breadcrumbs": [Link(Text("交易项目", "Tenders"), reverse("public:tenders")), Link(number, here), Link(Text("开标大厅", "Opening hall"))],
    }
    return render(request, "desks/public/hall.html", context)


def following(number: str) -> dict[str, str]:
    """What a page needs to follow the hall by itself."""
    return {
        "now_url": reverse("public:hall_now", args=[number, language.get()]),
        "clock_url": reverse("public:hall_clock"),
        "server_now": moment.stamp(moment.now()),
    }


def now(request: HttpRequest, number: str, lang: str) -> HttpResponse:
    """What stands in the hall now, as parts of the page. ``?at=`` names the event that made one ask: never older."""
    if request.method not in READ:
        return HttpResponseNotAllowed(READ)
    if lang not in ("zh", "en"):
        return HttpResponseNotFound()
    at = request.GET.get("at", "")
    try:
        kept = _now(number, lang, int(at) if at.isdecimal() and len(at) < _DIGITS else 0)
    except NotVisible:
        return HttpResponseNotFound()
    headers = {"ETag": kept.tag, "Cache-Control": "public, max-age=1" if at else "public, no-cache",
               "X-Content-Type-Options": "nosniff", "Content-Language": lang,
               "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}  # fmt: skip
    if request.headers.get("If-None-Match") == kept.tag:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(kept.body, content_type="text/html; charset=utf-8", headers=headers)


now.same_for_all = True  # type: ignore[attr-defined]


def clock(request: HttpRequest) -> HttpResponse:
    """The center's time in milliseconds, by which a page tells how far the visitor's clock is off."""
    if request.method not in READ:
        return HttpResponseNotAllowed(READ)
    answer = JsonResponse({"now": round(moment.now().timestamp() * 1000)})
    answer["Cache-Control"] = "no-store"
    return answer


clock.same_for_all = True  # type: ignore[attr-defined]


def _now(number: str, lang: str, at: int) -> Kept:
    """The answer, made once per act (and at least every :data:`KEEP` seconds) however many ask.

    Args:
        at: the act that the one who asks has heard of; whoever has an answer from it on need not ask the database.
    """
    key = (number, lang)
    found = _kept.get(key)
    if found is not None and found.fresh and 0 < at <= found.seq:
        return found
    tender = tenders.tender(PUBLIC, number)
    last = evidence.acts_of(tender).order_by("-seq").values_list("seq", flat=True).first() or 0
    with _lock:
        found = _kept.get(key)
        if found is None or (found.tender, found.seq) != (tender.pk, last) or not found.fresh:
            body = _rendered(tender, lang)
            found = Kept(tender.pk, last, time.monotonic(), body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
            _kept[key] = found
            _kept.move_to_end(key)
            while len(_kept) > _MOST:
                _kept.popitem(last=False)
    return found


def _rendered(tender: Any, lang: Any) -> bytes:
    with speaking(lang):
        return render_to_string("desks/public/hall/now.html", hall_facts.facts(tender)).encode()
