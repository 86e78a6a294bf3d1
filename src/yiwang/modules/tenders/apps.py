"""Django app of the module tenders."""

from django.apps import AppConfig


class TendersConfig(AppConfig):
    """Entry, lots, notices, documents and clarification."""

    name = "yiwang.modules.tenders"
    label = "tenders"

    def ready(self) -> None:
        """Register the module's transitions, roles and conditions."""
        from yiwang.modules.tenders import states  # noqa: F401  (registers on import, models must be ready)
