"""Reminders of drills for the lists of what waits: a key to give or release; for the center, a drill that is due."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from yiwang.kernel import moment
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import selectors
from yiwang.ui.shapes import Waiting

SOON = timedelta(days=2)


def waiting(actor: Actor, path: str = "") -> list[Waiting]:
    """What drills ask of the actor now."""
    if actor.duty == "custodian":
        return [_mine(each, path) for each in selectors.drill_waits(actor, moment.now())]
    return _due(path) if actor.duty == "center" else []


def _mine(key: object, path: str) -> Waiting:
    drill, now = key.drill, moment.now()  # type: ignore[attr-defined]
    begun = now >= drill.opens
    url, until = reverse("custody:drill", args=[drill.number]), drill.ends if begun else drill.opens
    return Waiting(
        name=Text(f"第 {drill.number} 次保管演练", f"Drill of custody no. {drill.number}"),
        url=url,
        until=until,
        over=False,
        what=Text("公布演练密钥", "Release the drill key") if begun else Text("提供演练公钥", "Give a drill key"),
        current=path == url,
        soon=until - now < SOON,
    )


def _due(path: str) -> list[Waiting]:
    since = selectors.drill_overdue(moment.now())
    if since is None:
        return []
    url = reverse("custody:drill_schedule")
    return [Waiting(
        name=Text("保管演练", "Drill of custody"), url=url, until=None, over=True,
        what=Text(f"已有 {since.days} 天没有演练，请安排", f"None for {since.days} days; schedule one"), current=path == url, soon=True,
    )]  # fmt: skip
