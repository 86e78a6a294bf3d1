"""Django app of the module openings."""

from django.apps import AppConfig


class OpeningsConfig(AppConfig):
    """Custodians and their drills, the closing entry, the opening record and the hall."""

    name = "yiwang.modules.openings"
    label = "openings"

    def ready(self) -> None:
        """Register the module's transitions, roles and conditions."""
        from yiwang.modules.openings import coefficient_states, grace, hall_states, states  # noqa: F401  (registers on import, models must be ready)
