"""Reads of evidence: acts, receipts, checkpoints, notifications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from yiwang.kernel.text import Text
from yiwang.modules.evidence import blind, cosigned, door
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.cosigned import Seen
from yiwang.modules.evidence.models import Act, Checkpoint, LogEntry, Notification


@dataclass(frozen=True)
class Receipt:
    """Where an act stands in the log.

    Attributes:
        index: its place; None while the sequencer has not given it one.
        checkpoint: the first signed checkpoint that covers it.
        seen: the smallest checkpoint that enough witnesses cosigned and that covers it; while there is none, the newest.
    """

    act: Act
    index: int | None
    checkpoint: Checkpoint | None
    seen: Seen | None = None

    @property
    def missing(self) -> Text | None:
        """What is still missing: the place, or the witnesses; None when the receipt is complete."""
        if self.index is None or self.seen is None:
            return Text("正在写入日志", "being written to the log")
        return None if self.seen.quorum else Text("已写入日志，见证人尚未签名", "in the log, not cosigned yet")


def receipt(act: Act) -> Receipt:
    """The receipt of an act, with the checkpoints that cover it."""
    index = LogEntry.objects.filter(act=act).values_list("index", flat=True).first()
    if index is None:
        return Receipt(act, None, None)
    covering = first_checkpoint_after(act)
    return Receipt(act, index, covering, cosigned.at_least(index) or (cosigned.newest() if covering else None))


def first_checkpoint_after(act: Act | None) -> Checkpoint | None:
    """The first checkpoint that covers an act; None while there is none."""
    index = LogEntry.objects.filter(act=act).values_list("index", flat=True).first() if act else None
    if index is None:
        return None
    return Checkpoint.objects.filter(size__gt=index).order_by("size").first()


def first_witnessed_after(act: Act | None) -> Seen | None:
    """The first checkpoint that covers an act and that enough witnesses cosigned; None while there is none."""
    index = LogEntry.objects.filter(act=act).values_list("index", flat=True).first() if act else None
    return None if index is None else cosigned.at_least(index)


def latest_checkpoint() -> Checkpoint | None:
    """The newest signed checkpoint."""
    return Checkpoint.objects.order_by("-size").first()


def newest() -> int:
    """Names the newest act; 0 before the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM evidence_act")
        found: int = cursor.fetchone()[0]
    return found


def newest_open() -> bytes:
    """The log entry of the newest act that openly belongs to a tender; nothing before the first. No bid moves it before its
    opening.
    """
    found = Act.objects.exclude(tender=None).order_by("-id").values_list("entry", flat=True).first()
    return bytes(found or b"")


def acts_of(tender: Any) -> QuerySet[Act]:
    """The acts that openly belong to a tender, in the order of its chain."""
    return Act.objects.filter(tender=tender).select_related("log_entry").order_by("seq")


def notifications(actor: Actor) -> QuerySet[Notification]:
    """What the actor was told, the newest first."""
    if actor.person is None:
        return Notification.objects.none()
    mine = Q(person=actor.person)
    if actor.organisation is not None:
        mine |= Q(organisation=actor.organisation)
    return Notification.objects.filter(mine).select_related("act__tender")


def done(actor: Actor, request_key: str) -> Act | None:
    """The actor's own act that a request did, however secret its existence is to others."""
    act = door.just_done(request_key) or blind.by_request(request_key)
    mine = act is not None and act.person_id == (actor.person.pk if actor.person else None)
    return act if mine else None


def latest_of(actor: Actor, act: str) -> Act | None:
    """The actor's newest act of a name."""
    if actor.person is None:
        return None
    return Act.objects.filter(person=actor.person, act=act).order_by("-pk").first()


def own_act(actor: Actor, pk: int) -> Act | None:
    """One of the actor's own acts (or of the own organisation's), for its receipt."""
    act = Act.objects.filter(pk=pk).select_related("tender").first() if actor.person is not None else None
    if act is None:
        return None
    blind.reveal(act)
    own = act.person_id == actor.person.pk
    return act if own or (actor.organisation is not None and act.organisation_id == actor.organisation.pk) else None


def act_at(index: int) -> Act | None:
    """The act at a log index. What of it may be shown is for :mod:`.disclosure` to say."""
    entry = LogEntry.objects.filter(index=index).select_related("act__tender", "act__log_entry").first()
    return entry.act if entry else None


def covers(start: int, most: int) -> list[Act]:
    """Disclosed cover entries from a log index on, by index: they are public."""
    found = Act.objects.filter(act=blind.COVER, log_entry__index__gte=start).select_related("log_entry")
    return list(found.order_by("log_entry__index")[:most])
