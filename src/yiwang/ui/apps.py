"""The Django app ``ui``: templates, tags and static files; no models."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Registers the design system with Django."""

    name = "yiwang.ui"
    label = "ui"
    verbose_name = "Design system"
