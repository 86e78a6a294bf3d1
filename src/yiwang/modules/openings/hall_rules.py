"""Rules of the opening hall: what waits while it is paused or put off, when one may confirm or object, when it may end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from yiwang.kernel import moment
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, verdict
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.registry import condition
from yiwang.modules.openings import hall
from yiwang.modules.openings.hall_law import Ground, hall_law


@condition("opening.open", "draw.freeze_list")
def not_paused(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """While the session is paused nothing goes on."""
    paused = hall.of(tender).paused
    return verdict(
        paused is None,
        "hall.paused",
        Text("开标会已暂停", "the session is paused"),
        passes=Text("恢复后再办理", "go on once it is resumed"),
    )


def is_paused(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """There is a pause to end."""
    return verdict(hall.of(tender).paused is not None, "hall.not_paused", Text("开标会没有暂停", "the session is not paused"))


@condition("opening.open")
def time_has_come(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """An opening that was put off waits for its new time."""
    opens = hall.of(tender).opens
    return verdict(
        opens is None or now >= opens,
        "hall.postponed",
        Text("开标已经推迟，新的开标时间还没有到", "the opening was put off; its new time has not come"),
        article="招标投标法 第34条",
        after=opens,
    )


def not_ended(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The session goes on."""
    return verdict(not hall.of(tender).ended, "hall.ended", Text("开标会已经结束", "the session has ended"))


def has_next(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """There is a next point that the host can call."""
    here = hall.of(tender)
    waits = Text("下一项是打开投标", "opening the bids comes next") if not here.bids else Text("开标会已经结束", "the session has ended")
    return verdict(here.following, "hall.next", waits)


def has_question(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """There is a question to answer."""
    return verdict(hall.of(tender).unanswered, "hall.no_question", Text("没有待答复的提问", "no question waits for an answer"))


@condition("draw.freeze_list", "draw.carry")
def window_is_over(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Until the window for objections is over, the draw waits; without a window nothing waits."""
    until = hall.of(tender).until
    return verdict(
        until is None or now >= until,
        "hall.window",
        Text("确认和异议的时间还没有到", "the time to confirm or object is not over"),
        article=hall_law().article,
        after=until,
    )


@condition("objection.raise")
def on_the_spot(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Objections to the opening are raised on the spot: within the window, where the host has set one."""
    if tender.state != "opened":
        return YES
    until = hall.of(tender).until
    return verdict(
        until is None or now < until or hall.of(tender).paused,
        "hall.window_over",
        Text("对开标的异议应当在开标现场提出，时间已过", "objections to the opening are raised on the spot; the time is over"),
        article=hall_law().article,
    )


def may_end(tender: Any, now: datetime) -> Verdict:
    """The session ends when all was answered, the window is over and host and observer have confirmed the record."""
    here = hall.of(tender)
    roles = set(tender.opening.confirmations.values_list("role", flat=True))
    objections = any(each.waits for each in tender.objections.all())
    return (
        verdict(here.until is not None and now >= here.until, "hall.window",
                Text("确认和异议的时间还没有到", "the time to confirm or object is not over"), article=hall_law().article, after=here.until)
        & verdict(not objections, "objection.open", Text("还有异议没有答复", "an objection is not answered"), article="招标投标法实施条例 第44条")
        & verdict(not here.unanswered, "hall.question", Text("还有提问没有答复", "a question is not answered"))
        & verdict(roles & {"buyer", "agency"} and "center" in roles, "record.open",
                  Text("主持人和见证人员还没有都确认开标记录", "host and observer have not both confirmed the record"),
                  article="招标投标法 第36条")
    )  # fmt: skip


def ground_holds(tender: Any, ground: Ground) -> Verdict:
    """What the ground for putting off the opening needs to be true, as far as the platform can see it."""
    more = {"field": "ground", "article": ground.article}
    if ground.needs == "objection":
        waiting = any(each.waits for each in tender.objections.all())
        return verdict(waiting, "hall.ground", Text("没有待答复的异议", "no objection waits for an answer"), **more)
    if ground.needs == "keys":
        missing = tender.custodians.exclude(identity="").count() < tender.custody_threshold
        enough = Text("公布密钥的保管人已经足够", "enough custodians have released their keys")
        return verdict(missing, "hall.ground", enough, **more)
    return YES


def lawful_time(tender: Any, opens: datetime, now: datetime) -> Verdict:
    """The new time lies ahead, and within the bids' validity (in which evaluation and award must end, too)."""
    last = tender.deadline + timedelta(days=tender.validity_days)
    day = last.astimezone(moment.LOCAL).strftime("%Y-%m-%d %H:%M")
    passes = Text(f"现在以后、{day} 以前", f"after now and before {day} (Beijing time)")
    return verdict(
        now < opens < last,
        "hall.time",
        Text("新的开标时间应当在现在之后、投标有效期之内", "the new time must lie ahead and within the bids' validity"),
        field="opens",
        article="评标委员会和评标方法暂行规定 第40条",
        passes=passes,
    )
