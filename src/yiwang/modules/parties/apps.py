"""Django app of the module parties."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Organisations, people, their duties and signing keys."""

    name = "yiwang.modules.parties"
    label = "parties"

    def ready(self) -> None:
        """Register the module's transitions, roles and conditions."""
        from yiwang.modules.parties import states  # noqa: F401  (registers on import, models must be ready)
