"""Django app of the module bids."""

from django.apps import AppConfig


class BidsConfig(AppConfig):
    """Sealed bids, receipts and withdrawal."""

    name = "yiwang.modules.bids"
    label = "bids"

    def ready(self) -> None:
        """Register the module's transitions, roles and conditions."""
        from yiwang.modules.bids import states  # noqa: F401  (registers on import, models must be ready)
