"""Screen: a custodian, or by rule the deputy, releases the secret half of the one-time key after closing."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from yiwang.desks.custodian.key_forms import IdentityForm
from yiwang.desks.custody_words import stands_in
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import acts, custody_rules, selectors


def make_form(*args: Any, actor: Actor, tender: Any) -> IdentityForm:
    """The form; in the demo city it holds the key that the demo keeps for this custodian."""
    return IdentityForm(*args, initial=demo_key(actor, tender.number))


def demo_key(actor: Actor, number: str) -> str:
    """The key file that the demo city keeps for its own custodians; '' elsewhere."""
    if settings.PRODUCTION or actor.person is None or importlib.util.find_spec("yiwang.demo") is None:
        return ""
    find = getattr(importlib.import_module("yiwang.demo"), "custody_key_file", None)
    return str(find(actor.person.username, number) or "") if find else ""


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Release it."""
    return acts.release_key(actor=actor, tender=number, identity=data["identity"], **extra)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """The public key of the custody, for whom a deputy acts, and how many have released theirs."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    everyone = list(selectors.custodians(tender))
    own, as_deputy = custody_rules.part_of(tender, actor) or (None, False)
    return {
        "recipient": own.recipient if own else "",
        "stands_in": stands_in(own, custody_rules.deputy_for_release(own, tender)[1]) if own and as_deputy else None,
        "released": sum(1 for each in everyone if each.released_at),
        "needed": tender.custody_threshold,
        "demo_key": bool(demo_key(actor, tender.number)),
    }


register(
    Screen(
        "opening.release_key",
        perform,
        make_form=make_form,
        template="desks/custodian/opening_release_key.html",
        intro=Text(
            "投标已截止。公布您的一次性密钥后，它人人可见；够数即可开标。这把密钥只用于本项目。",
            "Bidding is closed. Once released your one-time key is public; when enough are there, all bids open. It is "
            "of no use elsewhere.",
        ),
        context=context,
        final=True,
    )
)
