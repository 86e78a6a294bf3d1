"""The signed refusal of a bid that came after the deadline, for the page that refuses it."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest

from yiwang.desks.access import actor_of
from yiwang.kernel import moment
from yiwang.modules.openings import refusals


def of(request: HttpRequest, tender: Any, act: str) -> dict[str, Any]:
    """What the page shows beside the refusal: ``refusal``, made anew for each attempt and kept nowhere; {} if not late.

    Only a POST is an attempt: who merely looks at the page after the deadline has not come too late with anything.
    """
    if request.method != "POST" or act not in refusals.LATE_ACTS:
        return {}
    now = moment.now()
    until = refusals.until_of(tender, act)
    if until is None or now < until:
        return {}
    sha256 = _hash_of_file(request) or request.POST.get("envelope_sha256", "")
    signed = refusals.late(
        actor_of(request), tender, act, now, lot=request.POST.get("lot", ""), envelope_sha256=sha256
    )
    return {"refusal": signed} if signed else {}


def _hash_of_file(request: HttpRequest) -> str:
    """SHA-256 of the file that came with the form, in hex; '' without one."""
    uploaded = request.FILES.get("file")
    if uploaded is None:
        return ""
    uploaded.seek(0)
    found = hashlib.sha256()
    for piece in uploaded.chunks():
        found.update(piece)
    return found.hexdigest()
