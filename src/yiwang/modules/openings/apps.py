"""Django app of the module openings."""

from django.apps import AppConfig


class OpeningsConfig(AppConfig):
    """Custodians, the closing entry and the opening record."""

    name = "yiwang.modules.openings"
    label = "openings"

    def ready(self) -> None:
        """Register the module's transitions, roles and conditions."""
        from yiwang.modules.openings import states  # noqa: F401  (registers on import, models must be ready)
