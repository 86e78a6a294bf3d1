"""Reading pages: how to check a result, help, the guided tour; and the sign of life for supervisors of machines."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def check(request: HttpRequest) -> HttpResponse:
    """How anybody checks a result with one command."""
    return render(request, "desks/public/check.html")


def help_page(request: HttpRequest) -> HttpResponse:
    """Help by role."""
    return render(request, "desks/public/help.html")


def tour(request: HttpRequest) -> HttpResponse:
    """Play a tender through in ten minutes."""
    return render(request, "desks/public/tour.html")


def health(request: HttpRequest) -> HttpResponse:
    """``ok`` when pages and database work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
