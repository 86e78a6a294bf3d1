"""Duty rosters; closures; what falls due today; calendars that other programs read."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from yiwang.desks import falls_due
from yiwang.kernel import moment
from yiwang.kernel.errors import BadInput, Refused
from yiwang.kernel.moment import LOCAL
from yiwang.modules.tenders import suspension
from yiwang.modules.venues import acts, audit, selectors

SUNDAY, MONDAY = date(2026, 3, 22), date(2026, 3, 23)


def at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), LOCAL)


def staffed(cast: Any, day: date = SUNDAY) -> Any:
    return acts.staff(actor=cast.center.actor, day=day, starts=time(9), ends=time(12), people=["王一", "李二"], phone="0715-1")


def test_a_closure_moves_earliest_dates_and_no_opening_is_closed_away(cast: Any, play: Any, stage: Any) -> None:
    life = play("tendering")
    day = life.tender.deadline.astimezone(LOCAL).date()
    with pytest.raises(Refused) as fixed:
        acts.close(actor=cast.center.actor, day=day, reason="搬迁")
    assert life.number in fixed.value.reasons[0].message.zh
    with pytest.raises(BadInput):
        acts.close(actor=cast.center.actor, day=moment.now().astimezone(LOCAL).date(), reason="太近")
    free = day + timedelta(days=7)
    acts.close(actor=cast.center.actor, day=free, reason="搬迁")
    assert selectors.calendar().roll_forward(free, closures=True) > free
    assert not selectors.open_at(at(free))
    assert selectors.open_at(at(free)).reasons[0].passes
    with pytest.raises(Refused):
        acts.close(actor=life.host.actor, day=free + timedelta(days=1), reason="不是中心")


def test_what_falls_due_is_counted_anew_once_the_tender_changes(cast: Any, play: Any, stage: Any) -> None:
    def closing() -> list[datetime]:
        return [each.at for each in falls_due.all_of(life.host.actor) if each.step.key == "close"]

    life = play("tendering")
    before = closing()
    assert before == closing() == [life.tender.deadline]
    suspension.suspend(actor=cast.buyer.actor, tender=life.number, kind="force_majeure", reason="台风红色预警")
    stage.wait(days=3)
    suspension.resume(actor=cast.buyer.actor, tender=life.number, kind="force_majeure", reason="预警解除")
    assert before != closing() == [life.tender.deadline]
    assert "close" not in {each.step.key for each in falls_due.all_of(life.host.actor, until=stage() + timedelta(days=1))}


def test_the_pages_the_feeds_and_the_audit(cast: Any, play: Any, stage: Any, desk: Any) -> None:
    life = play("tendering")
    center = desk(cast.center)
    page = center.client.post("/desk/center/calendar/", {"do": "staff", "staff-day": "2026-05-02", "staff-starts": "09:00",
        "staff-ends": "12:00", "staff-people": "王一\n李二", "staff-phone": "0715-8880000", "request_key": "a"})  # fmt: skip
    assert page.status_code == 302, page.content.decode()[-2000:]
    wrong = center.client.post("/desk/center/calendar/", {"do": "staff", "staff-day": "2026-05-09", "staff-starts": "13:00",
        "staff-ends": "12:00", "staff-people": "王一", "staff-phone": "1", "request_key": "b"})  # fmt: skip
    assert wrong.status_code == 422 and "工作日" in wrong.content.decode() and "至少 2 人" in wrong.content.decode()
    assert "0715-8880000" in center.client.get("/law/calendar/?year=2026").content.decode()
    assert "王一" not in center.client.get("/law/calendar/?year=2026").content.decode()
    assert list(audit.everywhere()) == []

    told = center.client.get("/api/v1/calendar").json()
    assert [(each["day"], each["kind"], each["starts"]) for each in told] == [("2026-05-02", "staffed", "09:00")]
    public = center.client.get("/calendar.ics").content.decode()
    assert life.number in public.replace("\r\n ", "") and "VALUE=DATE:20260502" in public
    one = center.client.get(f"/tenders/{life.number}/calendar.ics").content.decode().replace("\r\n ", "")
    assert f"UID:{life.number}/close@yiwang" in one and "招标投标法" in one

    counted = center.client.get(f"/tenders/{life.number}/clock/").content.decode()
    assert "GC-01" in counted and "2026-03-22 第20日，休息日" in counted
    assert "GC-01" in type(center.client)().get(f"/tenders/{life.number}/clock/").content.decode()
    host = desk(life.host)
    today = host.client.get("/desk/today/")
    assert today.status_code == 200
    address = next(part for part in today.content.decode().split('"') if "/desk/calendar/" in part)
    path = "/" + address.split("/", 3)[3]
    stranger = type(host.client)()
    own = stranger.get(path)
    assert own.status_code == 200 and life.number in own.content.decode().replace("\r\n ", "")
    assert stranger.get(path.replace("/desk/calendar/", "/desk/calendar/x")).status_code == 404
    stage.to(life.tender.deadline - timedelta(hours=1))
    due = host.client.get("/desk/today/").content.decode()
    assert "投标截止" in due
