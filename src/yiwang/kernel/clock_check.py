"""Whether two moments keep a rule of the clock, and if not, which date would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from yiwang.kernel.calendar import Calendar
from yiwang.kernel.clock_book import ClockBook, Rule
from yiwang.kernel.clock_count import Due, Pause, aware, begin, count, day_of, open_from
from yiwang.kernel.clock_words import shown, shown_day
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, no


def check(
    rule_id: str,
    from_moment: date | datetime,
    to_moment: date | datetime,
    calendar: Calendar,
    *,
    field: str = "",
    pauses: Sequence[Pause] = (),
    until: datetime | None = None,
    roster: str = "",
    staffed: Mapping[date, str] | None = None,
    soft: bool = False,
    book: ClockBook | None = None,
) -> Verdict:
    """Whether ``from_moment`` and ``to_moment`` keep the rule.

    Args:
        field: the form field to name in the reason.
        pauses, until, roster, staffed: as in :func:`clock_count.count`.
        soft: also refuse by rules that only warn, and so learn their warning.

    Returns:
        YES, or one Reason with the rule's id, its article, both dates and the lawful date.

    Raises:
        NoArrangement, Stopped, BadInput: as :func:`clock_count.count`.
    """
    rule = (book or ClockBook.load()).rule(rule_id)
    first, second = aware(from_moment), aware(to_moment)
    severity = rule.severity(day_of(first))
    if severity == "none" or (severity == "warns" and not soft):
        return YES
    if rule.direction == "before":
        due = count(rule, second, calendar, pauses=pauses)
        return judge_back(due, first, second, calendar, field)
    if second < first and (isinstance(to_moment, datetime) or day_of(second) < day_of(first)):
        return _too_soon(rule, first, second, field)
    due = count(rule, first, calendar, pauses=pauses, until=until, roster=roster, staffed=staffed)
    return judge(due, second, field)


def _too_soon(rule: Rule, first: datetime, second: datetime, field: str) -> Verdict:
    a, b, start, end = *rule.names, shown(first), shown(second)
    message = Text(
        f"{b.zh}（{end.zh}）早于{a.zh}（{start.zh}）", f"“{b.en}” ({end.en}) lies before “{a.en}” ({start.en})"
    )
    passes = Text(f"不早于{start.zh}", f"not before {start.en}")
    return no(rule.id, message, article=rule.article, field=field, passes=passes, after=first)


def judge(due: Due, moment: datetime, field: str = "") -> Verdict:
    """Whether a moment of ``to_event`` keeps a count made onward from ``from_event``."""
    rule = due.rule
    by_day = rule.unit not in ("hour", "minute", "session", "period_end")
    if due.earliest is not None:
        kept = day_of(moment) >= due.day if by_day and not rule.full_days else moment >= due.earliest
    else:
        kept = day_of(moment) <= due.day if by_day else moment <= due.moment
    if kept:
        return YES
    bound = shown_day(due.day) if by_day and not rule.full_days else shown(due.moment)
    zh, en = ("早于", "is earlier than the earliest") if due.earliest else ("晚于", "is later than the latest")
    which = Text("最早", "earliest") if due.earliest else Text("最迟", "latest")
    a, b, given, start = *rule.names, shown(moment), shown(due.start)
    message = Text(
        f"{b.zh}（{given.zh}）{zh}法定{which.zh}日期{bound.zh}：自{a.zh}（{start.zh}）起算，{rule.title.zh}",
        f"“{b.en}” on {given.en} {en} lawful date {bound.en}, counted from “{a.en}” on {start.en}: {rule.title.en}",
    )
    passes = Text(f"{which.zh}{bound.zh}", f"{which.en} {bound.en}")
    return no(rule.id, message, article=rule.article, field=field, passes=passes, after=due.earliest)


def judge_back(due: Due, first: datetime, second: datetime, calendar: Calendar, field: str = "") -> Verdict:
    """Whether a moment of ``from_event`` keeps a count made back from ``to_event``."""
    rule = due.rule
    by_day = rule.unit != "hour"
    if due.latest is not None:
        kept = day_of(first) <= due.day if by_day else first <= due.latest
    else:
        kept = due.moment <= first <= second
    if kept:
        return YES
    bound = shown_day(due.day) if by_day else shown(due.moment)
    a, b, given, anchor = *rule.names, shown(first), shown(second)
    zh, en = ("最迟", "at the latest on") if due.latest else ("最早", "at the earliest on")
    message = Text(
        f"{a.zh}（{given.zh}）应{zh}{bound.zh}：{b.zh}为{anchor.zh}，{rule.title.zh}",
        f"“{a.en}” ({given.en}) should have been {en} {bound.en}; “{b.en}” is on {anchor.en}: {rule.title.en}",
    )
    if due.latest is None:
        return no(
            rule.id,
            message,
            article=rule.article,
            field=field,
            after=due.earliest,
            passes=Text(f"不早于{bound.zh}", f"not before {bound.en}"),
        )
    moved = shown_day(day_of(later := earliest_after(rule, first, calendar)))
    passes = Text(
        f"最迟{bound.zh}；或把{b.zh}顺延至{moved.zh}或以后",
        f"{bound.en} at the latest; or move “{b.en}” to {moved.en} or later",
    )
    return no(rule.id, message, article=rule.article, field=field, passes=passes, after=later)


def earliest_after(
    rule: Rule, first: date | datetime, calendar: Calendar, *, staffed: Mapping[date, str] | None = None
) -> datetime:
    """For a ``before`` rule: the earliest ``to_event`` that leaves room after ``from_event``, on an open workday.

    With it a clarification issued late tells the new bid deadline. ``staffed``: as in :func:`clock_count.count`.
    """
    day = day_of(first)
    if rule.unit == "hour":
        return aware(first) + timedelta(hours=rule.amount)
    if rule.unit == "working_day":
        day = calendar.add_workdays(calendar.roll_forward(day), rule.amount)
    else:
        day += timedelta(days=rule.amount)
    return begin(open_from(day, calendar, "", staffed or {})[0])
