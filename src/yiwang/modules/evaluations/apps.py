"""Django app of the module evaluations."""

from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    """Committee, score sheets, formulas and the evaluation report."""

    name = "yiwang.modules.evaluations"
    label = "evaluations"

    def ready(self) -> None:
        """Register the module's transitions, roles and conditions."""
        from yiwang.modules.evaluations import separate_states, states  # noqa: F401  (registers on import, models must be ready)
