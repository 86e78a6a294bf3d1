"""What the clock of one tender must know beside its events: when it stood still, which roster kept a rest day open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from yiwang.kernel.clock_count import Pause, day_of
from yiwang.kernel.clock_words import shown_day
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, no
from yiwang.modules.tenders.models import Tender
from yiwang.modules.venues import acts, selectors

STOPPED: list[Callable[[Any], list[Pause]]] = []
"""What later modules know of a tender's clocks standing still (an objection that waits for its answer)."""


def suspensions(tender: Any) -> list[Pause]:
    """The stretches in which a suspension stopped the tender's clocks; the last may still last."""
    if getattr(tender, "pk", None) is None:
        return []
    own = [Pause(each.since, each.until, "objection" if each.kind == "objection" else "suspension") for each in tender.suspensions.all()]
    return [*own, *(pause for more in STOPPED for pause in more(tender))]


def roster_facts(deadline: datetime) -> dict[str, str]:
    """What evidence says of the duty roster by which a deadline falls on a rest day; nothing on a workday."""
    roster = selectors.roster(deadline)
    return {"roster": roster} if roster else {}


def keeps_open(day: date) -> Verdict:
    """A day for which an opening is fixed is not closed, nor its roster withdrawn."""
    fixed = [
        each.number
        for each in Tender.objects.filter(state="tendering", deadline__isnull=False).only("number", "deadline")
        if each.deadline is not None and day_of(each.deadline) == day
    ]
    if not fixed:
        return YES
    shown, names = shown_day(day), "、".join(sorted(fixed)[:5])
    return no(
        "calendar.opening",
        Text(f"{shown.zh}已安排 {len(fixed)} 个项目开标：{names}", f"{len(fixed)} openings are fixed for {shown.en}: {names}"),
        article="政府信息公开条例 第20条",
        field="day",
        passes=Text("先依法推迟这些项目的开标，或者另选一天", "put these openings off lawfully first, or choose another day"),
    )


acts.KEPT_OPEN.append(keeps_open)
