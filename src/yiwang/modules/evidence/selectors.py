"""Reads of evidence: acts, receipts, checkpoints, notifications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.models import Act, Checkpoint, LogEntry, Notification


@dataclass(frozen=True)
class Receipt:
    """Where an act stands in the log. ``index`` is None while the sequencer has not placed it yet."""

    act: Act
    index: int | None
    checkpoint: Checkpoint | None


def receipt(act: Act) -> Receipt:
    """The receipt of an act, with the first checkpoint that covers it."""
    index = LogEntry.objects.filter(act=act).values_list("index", flat=True).first()
    return Receipt(act, index, first_checkpoint_after(act) if index is not None else None)


def first_checkpoint_after(act: Act | None) -> Checkpoint | None:
    """The first checkpoint that covers an act; None while there is none."""
    index = LogEntry.objects.filter(act=act).values_list("index", flat=True).first() if act else None
    if index is None:
        return None
    return Checkpoint.objects.filter(size__gt=index).order_by("size").first()


def latest_checkpoint() -> Checkpoint | None:
    """The newest signed checkpoint."""
    return Checkpoint.objects.order_by("-size").first()


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


def latest_of(actor: Actor, act: str) -> Act | None:
    """The actor's newest act of a name."""
    if actor.person is None:
        return None
    return Act.objects.filter(person=actor.person, act=act).order_by("-pk").first()


def own_act(actor: Actor, pk: int) -> Act | None:
    """One of the actor's own acts (or of the own organisation's), for its receipt."""
    if actor.person is None:
        return None
    mine = Q(person=actor.person)
    if actor.organisation is not None:
        mine |= Q(organisation=actor.organisation)
    return Act.objects.filter(mine, pk=pk).select_related("tender").first()


def act_at(index: int) -> Act | None:
    """The act at a log index. What of it may be shown is for :mod:`.disclosure` to say."""
    entry = LogEntry.objects.filter(index=index).select_related("act__tender", "act__log_entry").first()
    return entry.act if entry else None
