"""Rules of drills of custody: who has a part, when keys are given and released, when a drill is over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Verdict, no, verdict
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings.custody_law import custody_law
from yiwang.modules.openings.models import Drill, DrillKey


def part_of(drill: Drill, actor: Actor) -> DrillKey | None:
    """What the actor has to do in a drill; None when nothing."""
    return drill.keys.filter(person=actor.person).first() if actor.person is not None else None


def key_is_wanted(drill: Drill, actor: Actor, now: datetime) -> Verdict:
    """Keys are given before the moment at which the drill opens."""
    part = part_of(drill, actor)
    if part is not None and part.recipient:
        return no("drill.provided", Text("您已经提供过演练公钥", "you have given your drill key already"))
    return verdict(now < drill.opens, "drill.too_late", Text("演练已经开始，没有提供公钥的算作未完成",
                                                            "the drill has begun; who gave no key has missed it"))  # fmt: skip


def release_is_wanted(drill: Drill, actor: Actor, now: datetime) -> Verdict:
    """Keys are released from the moment of the drill until it ends, as after the closing of a tender."""
    part = part_of(drill, actor)
    if part is not None and part.identity:
        return no("drill.released", Text("您已经公布过演练密钥", "you have released your drill key already"))
    if part is not None and not part.recipient:
        return no("drill.no_key", Text("您没有提供演练公钥，没有可公布的密钥", "you gave no drill key; there is none to release"))
    return verdict(now >= drill.opens, "drill.too_early", Text("演练还没有开始", "the drill has not begun"), after=drill.opens,
                   article=custody_law().drill.article) & verdict(
        now <= drill.ends and drill.reported_at is None, "drill.over", Text("演练已经结束", "the drill is over"))  # fmt: skip


def is_over(drill: Drill, actor: Actor, now: datetime) -> Verdict:
    """A drill ends at its end, or when all who gave a key have released it; it is reported once."""
    if drill.reported_at is not None:
        return no("drill.reported", Text("演练已经总结", "the drill was reported already"))
    keys = list(drill.keys.all())
    done = now >= drill.opens and all(each.identity for each in keys)
    return verdict(done or now > drill.ends, "drill.runs", Text("演练还在进行", "the drill goes on"), after=drill.ends)


def report_of(drill: Drill) -> dict[str, Any]:
    """Who did it in time, in how many minutes, who missed it, and whether enough keys came to open."""
    rows = [_row(drill, each) for each in drill.keys.select_related("person__organisation")]
    released = sum(row["in_time"] for row in rows)
    return {"threshold": drill.threshold, "named": len(rows), "in_time": released, "enough": released >= drill.threshold,
            "custodians": rows}  # fmt: skip


def _row(drill: Drill, key: DrillKey) -> dict[str, Any]:
    minutes = None if key.released_at is None else int((key.released_at - drill.opens).total_seconds() // 60)
    body = key.person.organisation.name if key.person.organisation else ""
    return {"position": key.position, "person": key.person.pseudonym(drill.chain), "body": body,
            "gave_key": bool(key.recipient), "minutes": minutes, "in_time": key.released_at is not None}  # fmt: skip
