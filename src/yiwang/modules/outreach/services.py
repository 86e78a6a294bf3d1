"""Writes of outreach; none has legal effect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from yiwang.kernel import moment
from yiwang.kernel.errors import NotVisible, bad
from yiwang.kernel.text import Text
from yiwang.modules.bids.selectors import SEALED_STATES
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.outreach.models import Opinion
from yiwang.modules.outreach.selectors import roles_for
from yiwang.modules.outreach.survey_law import survey


def give_opinion(*, actor: Actor, role: str, marks: Mapping[str, int]) -> None:
    """Answer the survey; a second answer within the period takes the place of the first.

    Args:
        role: as whom one answers, one of :func:`roles_for`.
        marks: one for each question, 1 (worst) to the survey's scale.

    Raises:
        NotVisible: nobody has signed in.
        BadInput: another role, a question without mark, or a mark off the scale.
    """
    if actor.person is None:
        raise NotVisible
    asked = survey()
    if role not in roles_for(actor):
        raise bad("role", "请选择您参与交易的身份", "choose in which part you work with the center")
    for key, says in asked.questions.items():
        if not 1 <= marks.get(key, 0) <= asked.scale:
            raise bad(key, f"请为“{says.zh}”打 1 至 {asked.scale} 分", f"give “{says.en}” a mark of 1 to {asked.scale}")
    period = asked.period_of(moment.now())
    Opinion.objects.update_or_create(
        period=period,
        token=_token(actor, period),
        defaults={"role": role, "marks": {key: marks[key] for key in asked.questions}},
    )


def answered(actor: Actor) -> Opinion | None:
    """What the actor answered in this period."""
    if actor.person is None:
        return None
    period = survey().period_of(moment.now())
    return Opinion.objects.filter(period=period, token=_token(actor, period)).first()


def _token(actor: Actor, period: str) -> str:
    return salted_hmac("outreach.opinion", f"{actor.person.pk} {period}", secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()


CHECKS: dict[str, Text] = {
    "dossier": Text("下载案卷包", "dossiers fetched"),
    "check_page": Text("下载离线核验页", "check pages fetched for use offline"),
}
"""What is fetched to check results, and counted by the day. Never anything of a tender whose bids are still sealed."""


def count(what: str) -> None:
    """Something of :data:`CHECKS` was fetched."""
    if what not in CHECKS:
        raise KeyError(what)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO outreach_fetched (day, what, times) VALUES (%s, %s, 1)"
            " ON CONFLICT (day, what) DO UPDATE SET times = outreach_fetched.times + 1",
            [moment.now().astimezone(moment.LOCAL).date(), what],
        )


def count_dossier(tender: Any) -> None:
    """A tender's dossier was fetched. Before the opening nobody shall know whether anybody looks at it, or how often."""
    if tender.state not in ("draft", *SEALED_STATES):
        count("dossier")
