"""Sign and send the award notice."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from yiwang.desks.called import called
from yiwang.desks.screens import Screen, Statement, register
from yiwang.kernel import moment
from yiwang.kernel.errors import NotVisible
from yiwang.kernel.text import Text
from yiwang.modules.awards import acts
from yiwang.modules.awards import selectors as awards
from yiwang.modules.evidence.actors import Actor


def _award(actor: Actor, tender: Any) -> Any:
    found = awards.award(actor, tender)
    if found is None:
        raise NotVisible
    return found


def statement(actor: Actor, tender: Any, data: dict[str, Any]) -> Statement:
    """What the buyer signs."""
    return "award-notice", acts.notice_statement(_award(actor, tender))


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Send it."""
    return acts.notify(actor=actor, tender=number, **extra)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """The notice as its reader will see it."""
    return {"award": _award(request.actor, tender), "today": moment.now(), "called": called(tender)}  # type: ignore[attr-defined]


register(
    Screen(
        "award.notify",
        perform,
        statement=statement,
        preview="desks/buyer/award_notice.html",
        context=context,
        intro=Text(
            "中标通知书发出后，同时把结果告知全部未中标的投标人。",
            "With the notice all other tenderers are told the same result.",
        ),
        final=True,
    )
)
