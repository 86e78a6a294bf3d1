"""What every template is given besides the request."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def live(request: HttpRequest) -> dict[str, str]:
    """``live_base``: what to put before ``/live/...``; empty when a proxy serves both from one origin."""
    if not settings.LIVE_PORT:
        return {"live_base": ""}
    host = request.get_host().rsplit(":", 1)[0] if not request.get_host().endswith("]") else request.get_host()
    return {"live_base": f"//{host}:{settings.LIVE_PORT}"}
