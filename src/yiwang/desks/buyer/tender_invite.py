"""Send the invitations: as the notice is published, but only to those invited or admitted by the earlier round."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from yiwang.desks.buyer import tender_publish
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.awards import admission_acts, admission_selectors
from yiwang.modules.evidence.actors import Actor


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Invite."""
    return admission_acts.invite(actor=actor, tender=number, issue_end=data["issue_end"], deadline=data["deadline"], **extra)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """The counts beside the form, and who will be invited."""
    invited = admission_selectors.to_invite(request.actor, tender)  # type: ignore[attr-defined]
    return {**tender_publish.context(request, tender), "invited": invited}


def reviewed(request: HttpRequest, tender: Any, data: dict[str, Any]) -> dict[str, Any]:
    """The invitation with the dates that were typed."""
    return tender_publish.reviewed(request, tender, data)


register(
    Screen(
        "tender.invite",
        perform,
        make_form=tender_publish.make_form,
        template="desks/buyer/tender_invite.html",
        preview="desks/buyer/notice.html",
        context=context,
        check=tender_publish.check,
        confirm=True,
        reviewed=reviewed,
        intro=Text(
            "投标邀请书只发给列出的单位，开标前其他人看不到本项目，也看不到邀请了谁。",
            "The invitation goes to the organisations listed; before the opening nobody else sees the tender or who was invited.",
        ),
    )
)
