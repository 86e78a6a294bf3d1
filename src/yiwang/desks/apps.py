"""Django app of the screens; it has no tables."""

from django.apps import AppConfig


class DesksConfig(AppConfig):
    """Screens of all audiences."""

    name = "yiwang.desks"
    label = "desks"
