"""Routes of the design system's test site."""

from django.contrib.staticfiles.views import serve
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def malformed(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose")


urlpatterns = [
    path("ui/", include("yiwang.ui.urls")),
    path("forbidden", forbidden),
    path("malformed", malformed),
    path("broken", broken),
    re_path(r"^static/(?P<path>.*)$", serve, {"insecure": True}),
]
