"""What waits for somebody: the tenders in which the tables give the actor something to do now, and until when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.urls import reverse

from yiwang.desks import bounds, log_now
from yiwang.desks.wording import capital
from yiwang.kernel import moment
from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Transition
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evidence import course, permits, registry
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.experts import selectors as experts
from yiwang.modules.negotiations import selectors as negotiations
from yiwang.modules.openings import selectors as openings
from yiwang.modules.parties import members
from yiwang.modules.remedies import selectors as remedies
from yiwang.modules.tenders import selectors as tenders
from yiwang.modules.venues import selectors as venues
from yiwang.ui import shapes

UNASKED = frozenset(
    {"tender.terminate", "draw.decline", "clarification.ask", "objection.raise", "bid.withdraw", "bid.submit", "hall.ask",
     "objection.withdraw", "complaint.file", "complaint.withdraw", "complaint.return", "complaint.refuse", "complaint.suspend",
     "custody.refuse", "tender.suspend", "review.record", "draft.revise", "draft.drop_document",
     "evaluation.ask_price", "evaluation.correct_price", "evaluation.quantify",
     "negotiation.change", "source.object", "framework.apply", "framework.close"}
)
"""Acts that one may do but that nobody waits for."""

MOST = 200
"""Tenders looked at for one list of what waits."""

SOON = timedelta(days=2)

SECONDS = 3
"""How long what waits is kept at most while nothing is done."""

_ONE_EACH = ("opening", "draw", "award", "contract")
_MANY = ("objections", "complaints", "clarifications", "documents", "custodians", "price_reviews", "price_changes", "suspensions")
"""What the rules look at; read for all tenders of a list together."""

_ASKED_ONLY_WHEN: dict[str, Callable[[Any], bool]] = {
    "negotiation.talk": lambda tender: not negotiations.all_talked_to(tender),
    "complaint.resume": lambda tender: any(each.standing != "accepted" for each in tender.complaints.all()),
    "clarification.answer": lambda tender: any(each.answered_at is None for each in tender.clarifications.all()),
    "tender.attach_document": lambda tender: all(each.kind != "tender_document" for each in tender.documents.all()),
    "custody.appoint": lambda tender: not tender.custodians.all(),
    "custody.replace": lambda tender: any(each.refused_at and not each.recipient for each in tender.custodians.all()),
}
"""Acts that may be done more than once: they wait only while this holds of the tender."""


@dataclass(frozen=True)
class Item:
    """A tender that waits for the actor: the acts, until when the first of them must be done, whether that is soon or over."""

    tender: Any
    acts: list[Transition]
    until: datetime | None
    soon: bool
    over: bool


def mine(actor: Actor) -> QuerySet[Any]:
    """Tenders in which the actor has a part of his own; for the center and the supervisor all that they may see."""
    found = tenders.visible_to(actor).order_by("-id")
    if actor.duty in ("center", "supervisor", "admin"):
        return found
    own = Q(pk=None)
    if actor.organisation is not None:
        own |= Q(buyer=actor.organisation) | Q(agency=actor.organisation)
        if actor.organisation.kind == "enterprise":
            own |= Q(number__in=bids.numbers(actor))
        own |= Q(pk__in=remedies.own_complaints(actor).order_by().values("tender"))
    if actor.person is not None:
        own |= Q(pk__in=openings.custodies(actor).order_by().values("tender"))
        own |= Q(pk__in=experts.seats_of(actor).filter(left_at=None).values("draw__tender"))
    return found.filter(own)


def is_asked(row: Transition, tender: Any) -> bool:
    """Whether the tender waits for this act, rather than merely allowing it."""
    if row.act in UNASKED:
        return False
    asked = _ASKED_ONLY_WHEN.get(row.act)
    return asked is None or asked(tender)


def to_do(actor: Actor, tender: Any, now: datetime) -> list[Transition]:
    """The acts that the actor can do now and that the tender waits for."""
    return [
        row
        for row in registry.rows()
        if row.offered
        and course.possible(row, tender)
        and row.act not in UNASKED
        and permits.may(row, actor, tender, now)
        and is_asked(row, tender)
    ]


def items(actor: Actor) -> list[Item]:
    """Everything that waits for the actor, the most urgent first."""
    if not actor.known:
        return []
    now = moment.now()
    key = _stand(actor, now)
    if key not in _kept:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[key] = _found(actor, now)
    return list(_kept[key])


_MOST_KEPT = 500
_kept: dict[tuple[Any, ...], list[Item]] = {}
"""What waited for somebody at a stand of things. Every page of a desk asks for it, and it is half of what such a page costs."""


def forget() -> None:
    """What is kept holds no longer: something was changed past the door."""
    _kept.clear()


def _stand(actor: Actor, now: datetime) -> tuple[Any, ...]:
    """What decides what waits for somebody: who that is, the newest act and checkpoint, and the time, to :data:`SECONDS`."""
    organisation = actor.organisation.pk if actor.organisation else None
    name = connection.settings_dict["NAME"]
    return name, actor.person.pk, actor.duty, organisation, evidence.newest(), log_now.published(), int(now.timestamp() / SECONDS)


def _found(actor: Actor, now: datetime) -> list[Item]:
    found, calendar, staffed = [], venues.calendar(), venues.staffed()
    waiting = mine(actor).filter(state__in=_states_for(actor))
    for tender in waiting.select_related(*_ONE_EACH).prefetch_related(*_MANY)[:MOST]:
        rows = to_do(actor, tender, now)
        if rows:
            until = bounds.until(tender, rows[0].act, calendar, staffed)
            over = until is not None and until < now
            found.append(Item(tender, rows, until, until is not None and not over and until - now < SOON, over))
    return sorted(found, key=lambda item: (item.until is None, item.until or now))


def _states_for(actor: Actor) -> set[str]:
    """States of a tender in which somebody like the actor can have something to do; spares asking the others."""
    roles = {actor.duty, *_KINDS.get(actor.organisation.kind if actor.organisation else "", ())}
    return {
        state
        for row in registry.rows()
        if row.offered and row.act not in UNASKED and roles & set(row.roles)
        for state in row.sources
    }


_KINDS = {"buyer": ("buyer",), "agency": ("agency",), "enterprise": ("tenderer", "supplier", "bidder", "asked", "corrected")}


def waiting(found: list[Item], path: str = "", most: int = 12) -> list[shapes.Waiting]:
    """The left list of a desk: each tender that waits for the actor, with the first thing to do."""
    return [
        shapes.Waiting(
            name=item.tender.title,
            url=reverse("desk:tender", args=[item.tender.number]),
            until=item.until,
            over=item.over,
            what=capital(item.acts[0].name),
            current=path.startswith(reverse("desk:tender", args=[item.tender.number])),
            soon=item.soon,
        )
        for item in found[:most]
    ]


def sections(actor: Actor) -> list[tuple[str, Text, int | None]]:
    """The sections of the actor's desk: address name, label, count."""
    unread = evidence.notifications(actor).filter(read_at=None).count() if actor.known else 0
    found: list[tuple[str, Text, int | None]] = [("desk:home", Text("待办", "To do"), None)]
    found.append(("desk:today", Text("今日到期", "Due today"), None))
    kind = actor.organisation.kind if actor.organisation else ""
    if kind in ("buyer", "agency"):
        found.append(("desk:tender_enter", Text("进场登记", "Enter a tender"), None))
    found.extend(_BY_DUTY.get(actor.duty, [("desk:tenders", Text("我的项目", "My tenders"), None)]))
    found.append(("desk:notifications", Text("通知", "Notifications"), unread or None))
    found.append(("account:keys", Text("签名密钥", "Signing keys"), None))
    if members.registers_itself(actor):
        found.append(("account:certificates", Text("机构证书", "Certificates"), None))
    if members.manages(actor):
        found.append(("account:members", Text("单位成员", "Members"), None))
    if actor.duty == "center":
        found.append(("account:resets", Text("重设登录方式", "Reset sign-in"), None))
    found.append(("account:organisation", Text("我的单位", "My organisation"), None))
    found.append(("account:security", Text("账号安全", "Account security"), None))
    return found


_DRILLS = ("custody:drills", Text("保管演练", "Drills of custody"), None)
_FIGURES = ("desk:figures", Text("统计", "Figures"), None)
_AUDIT = ("desk:audit", Text("每夜核对", "Nightly audit"), None)

_BY_DUTY: dict[str, list[tuple[str, Text, int | None]]] = {
    "center": [("desk:center", Text("在办项目总览", "Living tenders by stage"), None),
               ("desk:tenders", Text("全部项目", "All tenders"), None), _DRILLS, _AUDIT,
               ("desk:calendar_entries", Text("中心日历", "The center's calendar"), None), _FIGURES],
    "supervisor": [("desk:supervisor", Text("监督总览", "Supervision overview"), None),
                   ("desk:tenders", Text("全部项目", "All tenders"), None), _DRILLS, _AUDIT,
                   ("desk:bans", Text("禁止投标名单", "Bans from bidding"), None), _FIGURES],
    "custodian": [("custody:list", Text("密钥保管", "Custody of keys"), None), _DRILLS],
    "lender": [("desk:lender", Text("中标与合同", "Awards and contracts"), None)],
}  # fmt: skip
