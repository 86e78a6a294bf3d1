"""The reader's language and theme: chosen by link, form or browser; kept in two cookies that say nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from yiwang.kernel.text import Language, language

LANGUAGE_COOKIE = "lang"
THEME_COOKIE = "theme"
YEAR = 365 * 24 * 3600
THEMES = ("auto", "light", "dark")
DJANGO_CODE: dict[Language, str] = {"zh": "zh-hans", "en": "en"}
HTML_CODE: dict[Language, str] = {"zh": "zh-Hans", "en": "en"}

theme: ContextVar[str] = ContextVar("theme", default="auto")
"""The reader's theme in the running request: ``auto`` (as the system is set), ``light`` or ``dark``."""


def _known(code: object) -> Language | None:
    return "zh" if code == "zh" else "en" if code == "en" else None


def _from_header(header: str) -> Language:
    """The first of Chinese and English in an Accept-Language header by its q values; Chinese when neither is there."""
    ranked: list[tuple[float, int, Language]] = []
    for position, part in enumerate(header.split(",")):
        tag, _, rest = part.strip().partition(";")
        known = _known(tag.strip().lower()[:2])
        quality = rest.strip().removeprefix("q=") if rest else "1"
        try:
            weight = float(quality)
        except ValueError:
            continue
        if known and weight > 0:
            ranked.append((-weight, position, known))
    return min(ranked)[2] if ranked else "zh"


def language_of(request: HttpRequest) -> Language:
    """The language for a request: ``?lang``, then the cookie, then Accept-Language, then Chinese."""
    return (
        _known(request.GET.get("lang"))
        or _known(request.COOKIES.get(LANGUAGE_COOKIE))
        or _from_header(request.headers.get("Accept-Language", ""))
    )


def theme_of(request: HttpRequest) -> str:
    """The theme kept in the cookie, else ``auto``."""
    kept = request.COOKIES.get(THEME_COOKIE, "auto")
    return kept if kept in THEMES else "auto"


@contextmanager
def speaking(code: Language, shade: str = "auto") -> Iterator[None]:
    """Run a block in one language (ours and Django's) and theme."""
    language_token, theme_token = language.set(code), theme.set(shade)
    try:
        with translation.override(DJANGO_CODE[code]):
            yield
    finally:
        theme.reset(theme_token)
        language.reset(language_token)


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


class LanguageMiddleware:
    """Sets language and theme for a request, and Content-Language on its response. Works sync and async."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.asynchronous = iscoroutinefunction(get_response)
        if self.asynchronous:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        if self.asynchronous:
            return self._answer(request)
        code = language_of(request)
        with speaking(code, theme_of(request)):
            return self._finish(request, self.get_response(request), code)

    async def _answer(self, request: HttpRequest) -> HttpResponse:
        code = language_of(request)
        with speaking(code, theme_of(request)):
            return self._finish(request, await self.get_response(request), code)

    def _finish(self, request: HttpRequest, response: HttpResponse, code: Language) -> HttpResponse:
        response.headers.setdefault("Content-Language", HTML_CODE[code])
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        asked = _known(request.GET.get("lang"))
        if asked and asked != request.COOKIES.get(LANGUAGE_COOKIE) and LANGUAGE_COOKIE not in response.cookies:
            _keep(response, LANGUAGE_COOKIE, asked)
        return response


def _back(request: HttpRequest) -> HttpResponseRedirect:
    target = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if safe else "/")


# Exempt from the CSRF token on purpose: these two views only set a display cookie, and a token in the header of
# every public page would make all of them uncacheable.
@csrf_exempt
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the language in ``lang`` (``zh`` or ``en``; anything else changes nothing) and go back to ``next``."""
    response = _back(request)
    chosen = _known(request.POST.get("lang"))
    if chosen:
        _keep(response, LANGUAGE_COOKIE, chosen)
    return response


@csrf_exempt
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme in ``theme`` (``auto``, ``light``, ``dark``; anything else changes nothing) and go back."""
    response = _back(request)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        _keep(response, THEME_COOKIE, chosen)
    return response
