"""Django app of the module outreach."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    """Surveys, and how often results are checked."""

    name = "yiwang.modules.outreach"
    label = "outreach"
