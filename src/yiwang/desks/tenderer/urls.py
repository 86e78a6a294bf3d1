"""Addresses of resumable uploads: ``path("uploads/", ...)``."""

from __future__ import annotations

from django.urls import path

from yiwang.desks.tenderer import uploads

app_name = "uploads"
urlpatterns = [
    path("<str:number>/", uploads.many, name="many"),
    path("<str:number>/<str:upload>/", uploads.one, name="one"),
]
