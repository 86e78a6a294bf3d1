"""Django app of the module awards."""

from django.apps import AppConfig


class AwardsConfig(AppConfig):
    """Candidates, publicity, award decision and award notice."""

    name = "yiwang.modules.awards"
    label = "awards"

    def ready(self) -> None:
        """Register the module's transitions, roles and conditions."""
        from yiwang.modules.awards import admission_states, invitee_states, states  # noqa: F401  (registers on import, models must be ready)
