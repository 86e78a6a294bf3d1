"""Addresses whose answer is the same for everybody are answered before sessions, languages and readers are looked at."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

_LOG, _HALL, _NOW = "/log/", "/hall/", "/hall/now/"


def _looked_at(request: HttpRequest) -> bool:
    """Whether the request may be for such an address; no other one is looked at here."""
    path = request.path_info
    return path.startswith(_LOG) or (request.method in ("GET", "HEAD") and (path.startswith(_HALL) or _NOW in path))


class FilesMiddleware:
    """Answers the views marked ``same_for_all``: without cookies, queries or ``Vary``, so that anybody may cache them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _looked_at(request):
            try:
                found = resolve(request.path_info)
            except Resolver404:
                return self.get_response(request)
            if getattr(found.func, "same_for_all", False):
                answer: HttpResponse = found.func(request, *found.args, **found.kwargs)
                return answer
        return self.get_response(request)
