"""Django app of the module venues."""

from django.apps import AppConfig


class VenuesConfig(AppConfig):
    """The center's calendar: duty rosters and closures."""

    name = "yiwang.modules.venues"
    label = "venues"

    def ready(self) -> None:
        """Register the module's transitions."""
        from yiwang.modules.venues import states  # noqa: F401  (registers on import, models must be ready)
