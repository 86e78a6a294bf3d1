"""What is erased once its time is over: records of sign-ins, invitations, browser sessions. The nightly job asks."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.utils import timezone

from yiwang.kernel import moment
from yiwang.modules.parties import account_events
from yiwang.modules.parties.models import Invitation, OpenSession


def erase_due() -> dict[str, int]:
    """Erase what is too old, and say how much of each. Doing it twice does no harm.

    Records of sign-ins go by limit NL-14 and the machine's clock, sessions by their own end, invitations by the center's clock.
    """
    now = timezone.now()
    lapsed = OpenSession.objects.filter(seen_at__lt=now - timedelta(seconds=settings.SESSION_COOKIE_AGE))
    erased = {
        "sign_ins": account_events.erase_old(now),
        "open_sessions": lapsed.delete()[0],
        "invitations": Invitation.objects.filter(until__lte=moment.now()).delete()[0],
    }
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return erased
