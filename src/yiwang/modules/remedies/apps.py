"""Django app of the module remedies."""

from django.apps import AppConfig


class RemediesConfig(AppConfig):
    """Objections (异议), queries (质疑) and complaints (投诉)."""

    name = "yiwang.modules.remedies"
    label = "remedies"

    def ready(self) -> None:
        """Register the module's transitions, roles and conditions."""
        from yiwang.modules.remedies import states  # noqa: F401  (registers on import, models must be ready)
