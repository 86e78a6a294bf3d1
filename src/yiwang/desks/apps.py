"""Django app of the screens; it has no tables."""

from importlib import import_module

from django.apps import AppConfig

AUDIENCES = ("buyer", "center", "supervisor", "lender", "tenderer", "custodian", "evaluator")
"""Folders whose ``__init__.py`` imports their screens, so that every act's screen is registered at start."""


class DesksConfig(AppConfig):
    """Screens of all audiences."""

    name = "yiwang.desks"
    label = "desks"

    def ready(self) -> None:
        """Register the screens of all acts."""
        for audience in AUDIENCES:
            import_module(f"yiwang.desks.{audience}")
