"""Rules of tenders: statutory periods bound to what people type, and conditions of the tender's acts."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from yiwang.kernel import moment, procedures
from yiwang.kernel.clock_book import ClockBook, Rule
from yiwang.kernel.clock_check import check
from yiwang.kernel.clock_count import count
from yiwang.kernel.clock_names import event_of
from yiwang.kernel.errors import bad
from yiwang.kernel.procedures import Procedure
from yiwang.kernel.rules import limit
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, verdict
from yiwang.modules.evidence import witness_clock
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.tenders.clock_facts import suspensions
from yiwang.modules.tenders.selectors import law_of
from yiwang.modules.venues import selectors as venues

BID_PREPARATION = ("tender_doc.issue_start", "bid.deadline")
DOCUMENT_ISSUE = ("tender_doc.issue_start", "tender_doc.issue_end")
ISSUE_TO_DEADLINE = ("tender_doc.issue_end", "bid.deadline")
CLARIFICATION = ("tender_clarification.issue", "bid.deadline")
DOCUMENT_OBJECTION = ("tender_doc_objection.submit", "bid.deadline")
REPORT_TO_PUBLICITY = ("evaluation_report.received", "candidate_publicity.start")
CANDIDATE_PUBLICITY = ("candidate_publicity.start", "candidate_publicity.end")
NOTICE_TO_CONTRACT = ("award_notice.sent", "contract.signed")


def period(tender: Any, events: tuple[str, str], start: datetime, end: datetime, *, field: str = "") -> Verdict:
    """Check the statutory periods between two clock events in the tender's procedure.

    Args:
        events: the clock's names of both events, e.g. ``("tender_doc.issue_start", "bid.deadline")``.
        start, end: the moments of both.
        field: the form field to name in the refusal.
    """
    found = YES
    calendar, pauses, staffed = venues.calendar(), suspensions(tender), venues.staffed()
    for rule in rules_between(law_of(tender), events):
        found = found & check(rule.id, start, end, calendar, field=field, pauses=pauses, staffed=staffed)
    return found


def rules_between(procedure: str | Procedure, events: tuple[str, str]) -> list[Rule]:
    """The clock rules of a procedure that bind two events; none when the law asks nothing."""
    book = ClockBook.load()
    rules = [book.rule(name) for name in procedures.of(procedure).clock_rules()]
    method = procedures.of(procedure).method
    # the documents are given out from the notice on, so a period that the law counts from the notice is the same
    starts = {event_of(method, name) for name in (events[0], *(("notice.published",) if events == BID_PREPARATION else ()))}
    return [rule for rule in rules if rule.from_event in starts and rule.to_event == event_of(method, events[1])]


def earliest(procedure: str | Procedure, events: tuple[str, str], start: datetime, at: time | None = None) -> datetime:
    """The earliest lawful moment of the second event.

    Args:
        start: the moment of the first event.
        at: propose this local time of day, on a day on which the center is open; None: the bare bound.
    """
    calendar = venues.calendar()
    bounds = [count(rule, start, calendar).earliest for rule in rules_between(procedure, events) if rule.hard]
    bound = max([start, *(each for each in bounds if each is not None)])
    if at is None:
        return bound
    day = bound.astimezone(moment.LOCAL).date()
    while datetime.combine(day, at, tzinfo=moment.LOCAL) < bound or not calendar.is_open(day):
        day += timedelta(days=1)
    return datetime.combine(day, at, tzinfo=moment.LOCAL)


def has_tender_document(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """A notice needs the tender documents (招标投标法 第19条)."""
    return verdict(
        any(each.kind == "tender_document" for each in tender.documents.all()),
        "ZTB-19",
        Text("还没有上传招标文件", "the tender document is not attached yet"),
        article="招标投标法 第19条",
        passes=Text("先上传招标文件", "attach the tender document first"),
    )


def grace_within(minutes: int) -> Verdict:
    """The grace that a tender publishes for bytes of committed bids lies within the limit (NL-15)."""
    most = limit("NL-15")["most"]
    if 0 <= minutes <= most:
        return YES
    return Verdict(
        bad(
            "upload_grace_minutes",
            f"补传宽限应为 0 至 {most} 分钟",
            f"the grace for uploads is 0 to {most} minutes",
            article="电子招标投标办法 第27条",
            code="NL-15",
        ).reasons
    )


def before_deadline(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Until the deadline for bids; while our clock is disputed, until the closing entry (docs/security/sealing.md).

    Nobody is told that he is late by a clock that two witnesses contradict: the state of the tender decides then.
    """
    if tender.deadline is not None and now < tender.deadline:
        return YES
    undecided = _undecided(tender, "tendering")
    return undecided if undecided is not None else verdict(
        False, "deadline", Text("投标截止时间已过", "the deadline for bids has passed"), article="招标投标法 第28条"
    )


def _undecided(tender: Any, *states: str) -> Verdict | None:
    """Asked when by our clock a moment has passed: None when that is so; YES while our clock is disputed; no while it is
    being compared."""
    if tender.deadline is None or tender.state not in states:
        return None
    certain = witness_clock.deadline_is_certain()
    if certain:
        return None
    return YES if any(reason.code == "clock.disputed" for reason in certain.reasons) else certain


def before_bytes_end(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Until the deadline and the grace that the notice gives to bytes of committed bids."""
    until = tender.bytes_until
    if until is not None and now < until:
        return YES
    undecided = _undecided(tender, "tendering")
    if undecided is not None:
        return undecided
    minutes = tender.upload_grace_minutes
    zh = f"补传宽限 {minutes} 分钟已过" if minutes else "投标截止时间已过，本项目没有补传宽限"
    en = f"the grace of {minutes} minutes for uploads is over" if minutes else "the deadline has passed; this tender gives no grace for uploads"
    return verdict(False, "bytes.late", Text(zh, en), article="招标投标法 第28条")


def after_bytes_end(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Not before the published grace is over: until then bytes of committed bids may come."""
    until = tender.bytes_until
    if until is None or now >= until:
        return YES
    local = until.astimezone(moment.LOCAL).strftime("%Y-%m-%d %H:%M:%S")
    return verdict(
        False,
        "bytes.awaited",
        Text(
            f"公告给了 {tender.upload_grace_minutes} 分钟补传宽限，到 {local} 为止；此前不开标，密钥也不得公布",
            f"the notice gives {tender.upload_grace_minutes} minutes for uploads to finish, until {local}; before that "
            "nothing is opened and no key released",
        ),
        article="招标投标法 第34条",
        after=until,
    )


def after_deadline(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Not before the deadline for bids (招标投标法 第34条)."""
    if tender.deadline is None or now >= tender.deadline:
        return YES
    local = tender.deadline.astimezone(moment.LOCAL).strftime("%Y-%m-%d %H:%M")
    return verdict(
        False,
        "GC-10",
        Text(f"投标截止时间 {local} 未到", f"the deadline {local} has not come yet"),
        article="招标投标法 第34条",
        after=tender.deadline,
    )


def period_over(event: str, rule: str, article: str) -> Any:
    """A guard: the moment noted under a clock event has passed."""

    def guard(tender: Any, actor: Actor, now: datetime) -> Verdict:
        text = tender.events.get(event)
        end = moment.from_stamp(text) if text else None
        local = end.astimezone(moment.LOCAL).strftime("%Y-%m-%d %H:%M") if end else "?"
        return verdict(
            end is not None and now >= end,
            rule,
            Text(f"法定期间到 {local} 才结束", f"the statutory period ends at {local}"),
            article=article,
            after=end,
        )

    return guard
