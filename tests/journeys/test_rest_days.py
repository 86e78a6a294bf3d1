"""An opening on a rest day: refused without a duty roster, lawful with one (row S030)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from yiwang.demo.cast import Cast
from yiwang.demo.play import Play
from yiwang.kernel import moment
from yiwang.kernel.errors import Refused
from yiwang.kernel.moment import LOCAL
from yiwang.modules.evidence.models import Act
from yiwang.modules.tenders import acts as tenders
from yiwang.modules.venues import acts

SUNDAY = date(2026, 3, 29)


def at(hour: int) -> datetime:
    return datetime.combine(SUNDAY, time(hour), LOCAL)


def publish(life: Play, deadline: datetime) -> None:
    end = moment.now() + timedelta(days=9)
    tenders.publish(actor=life.host.actor, tender=life.number, issue_end=end, deadline=deadline)


@pytest.mark.promise("S030")
def test_an_opening_on_a_rest_day_needs_a_roster(cast: Cast, play: Callable[..., Play]) -> None:
    """A Sunday after the least period: refused without a roster, lawful with it, and only within its hours."""
    life = play("draft")
    life.prepare()
    with pytest.raises(Refused) as bare:
        publish(life, at(10))
    assert "calendar.roster" in {reason.code for reason in bare.value.reasons}
    assert any("值班" in reason.passes.zh for reason in bare.value.reasons)
    entry = acts.staff(
        actor=cast.center.actor, day=SUNDAY, starts=time(9), ends=time(12), people=["王一", "李二"], phone="0715-1"
    )
    with pytest.raises(Refused) as late:
        publish(life, at(15))
    assert [reason.code for reason in late.value.reasons] == ["calendar.roster"]
    publish(life, at(10))
    notice = Act.objects.get(act="tender.publish", tender__number=life.number)
    assert b'"roster":"calendar/1"' in bytes(notice.canonical)
    with pytest.raises(Refused) as kept:
        acts.withdraw(actor=cast.center.actor, entry=entry.number)
    assert kept.value.reasons[0].code == "calendar.opening"
