"""Django app of the screens; it has no tables."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings

AUDIENCES = ("buyer", "center", "supervisor", "lender", "tenderer", "custodian", "evaluator")
"""Folders whose ``__init__.py`` imports their screens, so that every act's screen is registered at start."""


class DesksConfig(AppConfig):
    """Screens of all audiences."""

    name = "yiwang.desks"
    label = "desks"

    def ready(self) -> None:
        """Register the screens of all acts; outside production let the demo city's clock rule."""
        if not settings.PRODUCTION:
            import_module("yiwang.demo.clock").install()
        for audience in AUDIENCES:
            import_module(f"yiwang.desks.{audience}")
