"""Django app of the module experts."""

from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    """The pool of evaluators and the verifiable draw."""

    name = "yiwang.modules.experts"
    label = "experts"

    def ready(self) -> None:
        """Register the module's transitions, roles and conditions."""
        from yiwang.modules.experts import states  # noqa: F401  (registers on import, models must be ready)
