"""Routes of the design system; the site includes them at ``/ui/``."""

from __future__ import annotations

from django.urls import path

from yiwang.ui import catalogue, language

app_name = "ui"

urlpatterns = [
    path("", catalogue.catalogue, name="catalogue"),
    path("form/", catalogue.form_example, name="form_example"),
    path("desk/", catalogue.desk_example, name="desk_example"),
    path("live/", catalogue.live_example, name="live_example"),
    path("language", language.set_language, name="set_language"),
    path("theme", language.set_theme, name="set_theme"),
]
