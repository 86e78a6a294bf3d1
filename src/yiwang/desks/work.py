"""What waits for somebody: the tenders in which the tables give the actor something to do now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from yiwang.kernel import moment
from yiwang.kernel.text import Text
from yiwang.modules.evidence import permits
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.tenders import selectors as tenders
from yiwang.ui import shapes

UNASKED = frozenset({"tender.terminate", "draw.decline", "clarification.ask", "objection.raise", "bid.withdraw", "bid.submit"})
"""Acts that one may do but that nobody waits for."""

ACTIVE = ("draft", "tendering", "closed", "opened", "evaluating", "evaluated", "publicity", "awarded", "contracted")


def concerned(actor: Actor) -> list[Any]:
    """Living tenders in which the actor has a part of his own (for the center and the supervisor: all)."""
    from django.db.models import Q

    found = tenders.visible_to(actor).filter(state__in=ACTIVE)
    if actor.duty in ("center", "supervisor"):
        return list(found.order_by("-id")[:200])
    own = Q(pk=None)
    if actor.organisation is not None:
        own |= Q(buyer=actor.organisation) | Q(agency=actor.organisation)
        own |= Q(bids__tenderer=actor.organisation)
    if actor.person is not None:
        own |= Q(custodians__person=actor.person)
        own |= Q(draw__seats__expert__person=actor.person, draw__seats__left_at=None)
    return list(found.filter(own).distinct().order_by("-id")[:200])


def to_do(actor: Actor, tender: Any, now: datetime) -> list[permits.Step]:
    """The acts that the actor can do now and that the tender waits for."""
    return [step for step in permits.steps(actor, tender, now) if step.verdict and step.row.act not in UNASKED]


def waiting(actor: Actor, path: str = "") -> list[shapes.Waiting]:
    """The left list of a desk: each tender that waits for the actor, with the first thing to do."""
    if actor.person is None:
        return []
    now, found = moment.now(), []
    for tender in concerned(actor):
        steps = to_do(actor, tender, now)
        if steps:
            url = reverse("desk:tender", args=[tender.number])
            name = steps[0].row.name
            found.append(shapes.Waiting(tender.title, url, tender.deadline if tender.state == "tendering" else None, name,
                                        path.startswith(url)))  # fmt: skip
    return found


def sections(actor: Actor) -> list[tuple[str, Text, int | None]]:
    """The sections of the actor's desk: address name, label, count."""
    unread = evidence.notifications(actor).filter(read_at=None).count() if actor.known else 0
    found: list[tuple[str, Text, int | None]] = [("desk:home", Text("待办", "To do"), None)]
    kind = actor.organisation.kind if actor.organisation else ""
    if kind in ("buyer", "agency"):
        found.append(("desk:tender_enter", Text("进场登记", "Enter a tender"), None))
    found.append(("desk:tenders", Text("我的项目", "My tenders"), None))
    found.append(("desk:notifications", Text("通知", "Notifications"), unread or None))
    found.append(("account:keys", Text("签名密钥", "Signing keys"), None))
    return found
