"""Addresses whose answer is the same for everybody are answered before sessions, languages and readers are looked at."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

_PREFIX = "/log/"
"""Where such addresses are; no other request is looked at here."""


class FilesMiddleware:
    """Answers the views marked ``same_for_all``: without cookies, queries or ``Vary``, so that anybody may cache them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(_PREFIX):
            try:
                found = resolve(request.path_info)
            except Resolver404:
                return self.get_response(request)
            if getattr(found.func, "same_for_all", False):
                answer: HttpResponse = found.func(request, *found.args, **found.kwargs)
                return answer
        return self.get_response(request)
