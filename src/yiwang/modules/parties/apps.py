"""Django app of the module parties."""

from typing import Any

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Organisations, people, their duties and signing keys."""

    name = "yiwang.modules.parties"
    label = "parties"

    def ready(self) -> None:
        """Register the module's transitions, roles and conditions; every sign-in, however made, confirms who it is."""
        from django.contrib.auth.signals import user_logged_in

        from yiwang.modules.parties import ban_acts, states  # noqa: F401  (register on import, models must be ready)

        user_logged_in.connect(_confirmed, dispatch_uid="parties.confirmed")


def _confirmed(sender: Any, request: Any, **more: Any) -> None:
    from yiwang.modules.parties import factors

    factors.confirmed(request.session)
