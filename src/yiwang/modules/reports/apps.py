"""Django app of the module reports."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Statistics; no tables."""

    name = "yiwang.modules.reports"
    label = "reports"
