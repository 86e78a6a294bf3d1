"""Acts of the center's calendar: staff a rest day, announce a closure, withdraw either."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Max

from yiwang.kernel.clock_count import day_of
from yiwang.kernel.errors import BadInput, NotVisible, bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Verdict
from yiwang.modules.evidence import door
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.venues import selectors
from yiwang.modules.venues.models import CenterDay
from yiwang.modules.venues.states import CALENDAR

NUMBERING = 0x59_57_43_4C
"""Advisory lock "YWCL": entries are numbered one at a time and without gaps."""

KEPT_OPEN: list[Callable[[date], Verdict]] = []
"""What later modules say about closing or unstaffing a day: an opening that is fixed for it keeps it open."""


def staff(
    *, actor: Actor, day: date, starts: time, ends: time, people: list[str], phone: str, reason: str = "",
    request_key: str | None = None,
) -> CenterDay:  # fmt: skip
    """The center is open on a rest day, with people on duty (民法典 第203条).

    A minimum period may then end on that day, and bids may be opened within its hours.

    Args:
        day: the rest day. starts, ends: hours of duty, local time.
        people: names of those on duty; private. phone: where they are reached; public.

    Raises:
        BadInput: a workday, a day past, hours that end before they start, too few people, no phone.
        NoArrangement: the day's year has no holiday arrangement.
    """
    with door.enter(CALENDAR.rows["calendar.staff"], actor, lambda: None, request_key=request_key) as passage:
        names = [each.strip() for each in people if each.strip()]
        _check_day(day, passage.now, ahead=0)
        _check_staff(day, starts, ends, names, phone)
        made = CenterDay(number=_next_number(), day=day, kind="staffed", starts=starts, ends=ends, people=names,
                         phone=phone.strip(), reason=reason.strip(), entered_at=passage.now)  # fmt: skip
        passage.subject = made
        passage.record(
            public={"entry": made.number, "day": day.isoformat(), "kind": "staffed", "starts": f"{starts:%H:%M}",
                    "ends": f"{ends:%H:%M}", "people": len(names), "phone": made.phone, "reason": made.reason},
            private={"names": names},
        )  # fmt: skip
    return made


def close(*, actor: Actor, day: date, reason: str, request_key: str | None = None) -> CenterDay:
    """The center is closed on a workday: earliest dates of minimum periods pass over it; no maximum period grows.

    Args:
        day: the workday. reason: public.

    Raises:
        BadInput: a rest day, too near, no reason. Refused: an opening is fixed for that day.
        NoArrangement: the day's year has no holiday arrangement.
    """
    with door.enter(CALENDAR.rows["calendar.close"], actor, lambda: None, request_key=request_key) as passage:
        _check_day(day, passage.now, ahead=selectors.law()["days_ahead"])
        if not selectors.calendar().is_workday(day):
            raise bad("day", "这一天本来就是休息日", "that day is a rest day anyway", code="calendar.rest")
        if not reason.strip():
            raise bad("reason", "请填写原因", "give the reason")
        for keeps in KEPT_OPEN:
            passage.require(keeps(day))
        made = CenterDay(number=_next_number(), day=day, kind="closed", reason=reason.strip(), entered_at=passage.now)
        passage.subject = made
        passage.record(public={"entry": made.number, "day": day.isoformat(), "kind": "closed", "reason": made.reason})
    return made


def withdraw(*, actor: Actor, entry: int, request_key: str | None = None) -> CenterDay:
    """Take back an entry whose day has not come.

    Args:
        entry: its number.

    Raises:
        NotVisible: no such entry. Refused: withdrawn already, its day has come, or an opening is fixed for it.
    """
    with door.enter(CALENDAR.rows["calendar.withdraw"], actor, lambda: _locked(entry), request_key=request_key) as passage:
        found: CenterDay = passage.subject
        if found.kind == "staffed":
            for keeps in KEPT_OPEN:
                passage.require(keeps(found.day))
        found.withdrawn_at = passage.now
        passage.record(public={"entry": found.number, "day": found.day.isoformat(), "kind": found.kind})
    return found


def _check_day(day: date, now: datetime, *, ahead: int) -> None:
    first = day_of(now) + timedelta(days=ahead)
    if day < first:
        raise bad("day", f"最早{first}", f"{first} at the earliest", code="calendar.late",
                  passes=Text(f"{first}或以后", f"{first} or later"))  # fmt: skip
    taken = selectors.days(day, day).first()
    if taken is not None:
        raise bad("day", f"这一天已有条目 {taken.number}，先撤销它", f"entry {taken.number} stands for that day; withdraw it first",
                  code="calendar.taken")  # fmt: skip


def _check_staff(day: date, starts: time, ends: time, names: list[str], phone: str) -> None:
    least, faults = selectors.law()["people_least"], []
    if selectors.calendar().is_workday(day):
        faults.append(bad("day", "这一天是工作日，不需要值班表", "that day is a workday; it needs no roster", code="calendar.work"))
    if starts >= ends:
        faults.append(bad("ends", "结束时间应晚于开始时间", "the hours must end after they start"))
    if len(names) < least:
        faults.append(bad("people", f"至少 {least} 人值班", f"at least {least} people must be on duty",
                          passes=Text(f"{least} 人以上，一行一个姓名", f"{least} or more, one name a line")))  # fmt: skip
    if not phone.strip():
        faults.append(bad("phone", "请填写值班电话", "give the phone number of the people on duty"))
    if faults:
        raise BadInput(*(reason for fault in faults for reason in fault.reasons))


def _next_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING])
    return int(CenterDay.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def _locked(number: int) -> CenterDay:
    found = CenterDay.objects.select_for_update().filter(number=number).first()
    if found is None:
        raise NotVisible
    return found
