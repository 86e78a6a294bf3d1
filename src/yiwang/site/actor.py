"""Who is asking: ``request.actor``, the kernel's idea of the signed-in person, and errors that become pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.kernel.errors import NotVisible, YiwangError
from yiwang.modules.evidence.actors import reading
from yiwang.modules.parties import open_sessions
from yiwang.modules.parties.services import actor_of


class ActorMiddleware:
    """Sets ``request.actor``; turns the kernel's errors into pages that say what to do next."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = actor_of(request.user)  # type: ignore[attr-defined, arg-type]
        if request.actor.known:  # type: ignore[attr-defined]
            open_sessions.seen(request.session)
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with reading():
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What a page did not handle itself: strangers get 404, a refusal is shown with its reasons."""
        if isinstance(error, NotVisible):
            raise Http404 from error
        if isinstance(error, YiwangError):
            return render(request, "desks/refused.html", {"reasons": error.reasons}, status=error.status)
        return None
