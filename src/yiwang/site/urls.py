"""Addresses of the site: public pages at the root, accounts, desks, the API."""

from __future__ import annotations

from django.urls import include, path

from yiwang.api.api import urls as api
from yiwang.site.addresses import addresses

urlpatterns = [
    addresses("api/v1/", api),
    path("", include("yiwang.desks.public.urls")),
    path("", include("yiwang.desks.account.urls")),
    path("desk/custody/", include("yiwang.desks.custodian.urls")),
    path("desk/", include("yiwang.desks.evaluator.urls")),
    path("desk/", include("yiwang.desks.urls")),
    path("uploads/", include("yiwang.desks.tenderer.urls")),
    path("ui/", include("yiwang.ui.urls")),
]
