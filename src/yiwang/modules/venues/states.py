"""Transitions of the center's calendar. An entry belongs to no tender and stands on a chain of its own, ``calendar/<n>``."""

from __future__ import annotations

from datetime import datetime

from yiwang.kernel.clock_count import day_of
from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.kernel.verdict import Verdict, no, verdict
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.registry import register
from yiwang.modules.venues.models import CenterDay


def stands(entry: CenterDay, actor: Actor, now: datetime) -> Verdict:
    """Only an entry that stands and whose day has not come is withdrawn."""
    if entry is not None and entry.withdrawn_at is not None:
        return no("calendar.withdrawn", Text("这一条已经撤销", "this entry was withdrawn already"))
    return verdict(entry is None or entry.day > day_of(now), "calendar.passed",
                   Text("这一天已到，不能撤销", "the day has come; it cannot be withdrawn"))  # fmt: skip


CALENDAR = register(
    Table(
        "calendar",
        (),
        (
            Transition(
                "calendar.staff",
                Text("排定休息日值班", "staff a rest day"),
                "calendar",
                roles=("center",),
                sources=(),
                articles=("民法典 第203条",),
            ),
            Transition(
                "calendar.close",
                Text("公告不办公日", "announce a closure"),
                "calendar",
                roles=("center",),
                sources=(),
                articles=("政府信息公开条例 第20条",),
            ),
            Transition(
                "calendar.withdraw",
                Text("撤销日历条目", "withdraw an entry of the calendar"),
                "calendar",
                roles=("center",),
                sources=(),
                guards=(stands,),
                articles=("政府信息公开条例 第20条",),
            ),
        ),
    )
)
