"""How a count is told: each step of the arithmetic, in both languages."""

from __future__ import annotations

from datetime import date, datetime

from yiwang.kernel.clock_book import Rule
from yiwang.kernel.clock_count import Due, day_of
from yiwang.kernel.moment import LOCAL
from yiwang.kernel.text import Text

_WEEK_ZH = "一二三四五六日"
_WEEK_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def shown_day(day: date) -> Text:
    """A day with its weekday: ``2026-09-27（周日）`` / ``2026-09-27 (Sun)``."""
    return Text(f"{day}（周{_WEEK_ZH[day.weekday()]}）", f"{day} ({_WEEK_EN[day.weekday()]})")


def shown(moment: datetime) -> Text:
    """A local moment to the minute; the last second of a day is shown as 24:00."""
    local = moment.astimezone(LOCAL)
    clock = "24:00" if (local.hour, local.minute, local.second) == (23, 59, 59) else f"{local:%H:%M}"
    day = shown_day(local.date())
    return Text(f"{day.zh} {clock}", f"{day.en} {clock}")


def arithmetic(due: Due) -> list[Text]:
    """The steps of a count: what it starts from, what is counted, what moves, the result and its article."""
    rule = due.rule
    lines = [_start(rule, due)]
    if rule.unit in ("session", "period_end"):
        lines.append(Text("须在该期间结束前", "before that period ends"))
    elif rule.unit in ("hour", "minute"):
        lines.append(_hours(rule))
    else:
        lines.append(_days(rule, due))
        lines.extend(_moves(rule, due))
    lines.append(_result(rule, due))
    return lines


def _start(rule: Rule, due: Due) -> Text:
    name = rule.names[1] if rule.direction == "before" else rule.names[0]
    when = shown(due.start)
    return Text(f"{name.zh}：{when.zh}", f"{name.en}: {when.en}")


def _hours(rule: Rule) -> Text:
    if rule.amount == 0:
        return Text("同一时间", "the same moment")
    zh, en = ("倒推", "back") if rule.direction == "before" else ("起算", "on")
    return Text(
        f"自该时刻{zh}{rule.length.zh}（民法典第201条）",
        f"{rule.length.en} {en} from that moment (Civil Code, article 201)",
    )


def _days(rule: Rule, due: Due) -> Text:
    last = shown_day(due.counted)
    if rule.direction == "before":
        return Text(
            f"当日不计，倒推{rule.length.zh}：{last.zh}，不向截止日顺延",
            f"that day not counted, {rule.length.en} back: {last.en}; never moved toward the deadline",
        )
    if rule.unit in ("month", "year"):
        return Text(
            f"{rule.length.zh}后的对应日：{last.zh}（民法典第202条）",
            f"the corresponding day {rule.length.en} later: {last.en} (Civil Code, article 202)",
        )
    return Text(
        f"开始当日不计（民法典第201条），第{rule.length.zh}：{last.zh}",
        f"the first day is not counted (Civil Code, article 201); {rule.length.en} on: {last.en}",
    )


def _moves(rule: Rule, due: Due) -> list[Text]:
    lines = []
    if due.skipped:
        plural = "" if due.skipped == 1 else "s"
        lines.append(
            Text(
                f"中止期间不计，共{due.skipped}日", f"{due.skipped} day{plural} not counted while the clock stood still"
            )
        )
    if due.roster:
        lines.append(
            Text(
                f"该日为休息日，按值班表 {due.roster} 照常办理，不顺延",
                f"a rest day, kept because the center is on duty by roster entry {due.roster}",
            )
        )
    elif due.day != due.counted:
        to = shown_day(due.day)
        lines.append(
            Text(
                f"该日休息，顺延至{to.zh}（民法典第203条）",
                f"a rest day, so it rolls to {to.en} (Civil Code, article 203)",
            )
        )
    elif rule.direction == "after" and not rule.rolls:
        lines.append(Text("保存期限不因休息日顺延", "a period of keeping does not roll over a rest day"))
    return lines


def _result(rule: Rule, due: Due) -> Text:
    when = shown(due.moment)
    if rule.unit not in ("hour", "minute") and due.earliest and not rule.full_days:
        when = shown_day(day_of(due.moment))
    zh, en = ("最早", "earliest") if due.earliest else ("最迟", "latest")
    return Text(f"{zh}：{when.zh}（{rule.id}，{rule.cited.zh}）", f"{en}: {when.en} ({rule.id}; {rule.cited.en})")
