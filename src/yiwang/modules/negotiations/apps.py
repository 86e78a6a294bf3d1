"""Django app of the module negotiations."""

from django.apps import AppConfig


class NegotiationsConfig(AppConfig):
    """Talks with suppliers, changes of the requirements, single source, framework agreements."""

    name = "yiwang.modules.negotiations"
    label = "negotiations"

    def ready(self) -> None:
        """Register the module's transitions, roles and conditions."""
        from yiwang.modules.negotiations import states  # noqa: F401  (registers on import, models must be ready)
