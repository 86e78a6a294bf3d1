"""Reading pages: help by role; and what machines ask for."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse

_PLAIN = "text/plain; charset=utf-8"


def help_page(request: HttpRequest) -> HttpResponse:
    """Help by role."""
    return render(request, "desks/public/help.html", {"demo": not settings.PRODUCTION})


def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be indexed; desks and filtered lists are of no use to anybody else."""
    lines = ["User-agent: *", f"Disallow: {reverse('desk:home')}", "Disallow: /*?", ""]
    return HttpResponse("\n".join(lines), content_type=_PLAIN)


def favicon(request: HttpRequest) -> HttpResponse:
    """The mark, for programs that ask at the old address."""
    return HttpResponsePermanentRedirect(static("ui/mark.svg"))


def health(request: HttpRequest) -> HttpResponse:
    """``ok`` when pages and database work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
