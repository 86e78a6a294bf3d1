"""The content security policy: the same for every page, so it is composed once."""

from __future__ import annotations

from collections.abc import Callable

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse


class PolicyMiddleware:
    """Puts ``settings.CONTENT_SECURITY_POLICY`` on every response that brings none of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._of: object = None
        self._policy = ""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if self._of is not settings.CONTENT_SECURITY_POLICY:  # tests set another one
            self._of, self._policy = settings.CONTENT_SECURITY_POLICY, str(build_policy())
        response.headers.setdefault(HEADER, self._policy)
        return response
