"""Screen: a custodian, or by rule the deputy, gives the public half of a one-time key."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from yiwang.desks.access import actor_of, signed_in
from yiwang.desks.custodian.key_forms import RecipientForm
from yiwang.desks.custody_words import stands_in
from yiwang.desks.screens import Screen, register
from yiwang.kernel.errors import NotVisible, YiwangError
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import acts, custody_rules


def make_form(*args: Any, actor: Actor, tender: Any) -> RecipientForm:
    """The form, which can set a challenge for this custody."""

    def ask(recipient: str) -> str:
        return acts.possession_challenge(actor=actor, tender=tender.number, recipient=recipient)

    return RecipientForm(*args[:1], ask=ask)


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Give it."""
    given = {name: data[name] for name in ("recipient", "challenge", "answer")}
    return acts.provide_key(actor=actor, tender=number, **given, **extra)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """Whose custody it is, and what stands on the recovery sheet."""
    actor = actor_of(request)
    custodian, as_deputy = custody_rules.part_of(tender, actor) or (None, False)
    body = actor.person.organisation.name if actor.person.organisation else ""
    return {
        "custodian": custodian,
        "stands_in": stands_in(custodian, custody_rules.deputy_for_key(custodian)[1]) if as_deputy and custodian else None,
        "challenge_url": reverse("custody:challenge", args=[tender.number]),
        "sheet": {"for": tender.number, "title": tender.title, "body": body, "person": actor.person.name},
    }


@require_POST
@signed_in
def challenge(request: HttpRequest, number: str) -> HttpResponse:
    """The challenge for a posted public key, for the page's script."""
    return answered(lambda: acts.possession_challenge(
        actor=actor_of(request), tender=number, recipient=request.POST.get("recipient", "")))  # fmt: skip


def answered(ask: Any) -> HttpResponse:
    """A challenge as JSON, or why there is none."""
    try:
        return JsonResponse({"challenge": ask()})
    except NotVisible:
        raise
    except YiwangError as error:
        words = [{"zh": reason.message.zh, "en": reason.message.en} for reason in error.reasons]
        return JsonResponse({"reasons": words}, status=error.status)


register(
    Screen(
        "custody.provide_key",
        perform,
        make_form=make_form,
        template="desks/custodian/custody_provide_key.html",
        intro=Text(
            "您是本项目的密钥保管人。投标文件密封给您和其他保管人的公钥；开标时公布您的密钥，投标才能打开。",
            "You are a custodian of this tender. Bids are sealed to the public keys of you and the others; they can be "
            "opened only when you release your keys at the opening.",
        ),
        context=context,
    )
)
