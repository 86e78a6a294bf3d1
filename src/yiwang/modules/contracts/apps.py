"""Django app of the module contracts."""

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """The contract, its signatures and its registration."""

    name = "yiwang.modules.contracts"
    label = "contracts"

    def ready(self) -> None:
        """Register the module's transitions, roles and conditions."""
        from yiwang.modules.contracts import states  # noqa: F401  (registers on import, models must be ready)
