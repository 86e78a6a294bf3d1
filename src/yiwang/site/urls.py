"""Addresses of the site: public pages at the root, accounts, desks, the API."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("yiwang.desks.public.urls")),
    path("", include("yiwang.desks.account.urls")),
    path("desk/", include("yiwang.desks.urls")),
    path("ui/", include("yiwang.ui.urls")),
]
