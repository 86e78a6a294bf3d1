"""Rules of objections and queries: against what, by whom, until when, and what waits while one is not answered
(招标投标法实施条例 第22、44、54条; 政府采购法 第52至54条). The kinds stand in law/remedies.yaml, the periods in the procedure.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from yiwang.kernel import procedures
from yiwang.kernel.calendar import Calendar
from yiwang.kernel.clock_book import ClockBook
from yiwang.kernel.clock_check import check
from yiwang.kernel.clock_count import Pause, count, day_of, end_of
from yiwang.kernel.errors import Refused
from yiwang.kernel.procedures import Procedure, Remedy
from yiwang.kernel.remedies import Kind, Track, remedy_law
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Reason, Verdict, no, verdict
from yiwang.modules.evidence.actors import Actor, has_role
from yiwang.modules.evidence.registry import condition
from yiwang.modules.tenders import clock_facts
from yiwang.modules.tenders import services as tenders
from yiwang.modules.tenders.selectors import law_of


def track_of(tender: Any) -> Track:
    """The law of remedies for the tender's track: 异议 or 质疑."""
    return remedy_law().tracks[law_of(tender).track]


def remedy_of(procedure: str | Procedure, kind: Kind) -> Remedy | None:
    """The procedure's own remedy of a kind, with its periods; None when the procedure has none such."""
    found = {each.key: each for each in procedures.of(procedure).remedies}
    return next((found[key] for key in kind.remedy if key in found), None)


def kinds_now(tender: Any) -> list[Kind]:
    """Against what one may object in the tender's present state, the nearest first."""
    procedure = law_of(tender)
    kinds = remedy_law().tracks[procedure.track].kinds.values()
    found = [kind for kind in kinds if tender.state in kind.states and remedy_of(procedure, kind) is not None]
    return sorted(found, key=lambda kind: len(kind.states))


def answer_by(procedure: str | Procedure, kind: str, raised: datetime) -> datetime:
    """Until when an objection must be answered, by the procedure's rule.

    A longest period in natural days is not stretched over rest days here: the answer is then due a little early, never
    late. What is to be answered in the same session is due by the end of that day.
    """
    chosen = procedures.of(procedure)
    remedy = remedy_of(chosen, remedy_law().tracks[chosen.track].kinds[kind])
    if remedy is None:
        raise KeyError(kind)
    rule = ClockBook.load().rule(remedy.answer_rule)
    if rule.unit == "natural_day":
        return raised + timedelta(days=rule.amount)
    if rule.unit == "working_day":
        due = count(rule, raised, Calendar.load()).latest
        assert due is not None
        return due
    return end_of(day_of(raised))


def period_from(tender: Any, kind: Kind) -> datetime | None:
    """The moment that the period of raising runs from, for those that run onward; None while it is not known."""
    for anchor in kind.anchors:
        at = tenders.noted(tender, anchor.event)
        if at is not None and anchor.plus:
            return count(ClockBook.load().rule(anchor.plus), at, Calendar.load()).moment
        if at is not None:
            return at
    return None


def raise_until(tender: Any, kind: Kind) -> datetime | None:
    """Until when an objection of a kind may be raised; None when no moment is fixed (on the spot)."""
    remedy = remedy_of(law_of(tender), kind)
    if remedy is None:
        return None
    rule = ClockBook.load().rule(remedy.raise_rule)
    if rule.direction == "before":
        return count(rule, tender.deadline, Calendar.load()).latest if tender.deadline else None
    if rule.unit == "period_end":
        return tenders.noted(tender, rule.until)
    if rule.unit == "session":
        return None
    start = period_from(tender, kind)
    return count(rule, start, Calendar.load()).latest if start else None


def in_time(tender: Any, kind: Kind, now: datetime) -> Verdict:
    """Whether an objection of a kind may still be raised; what would pass is the last lawful moment."""
    remedy = remedy_of(law_of(tender), kind)
    if remedy is None:
        return no("remedy.kind", Text(f"本采购方式没有“{kind.name.zh}”", f"this procedure knows no {kind.name.en}"), field="kind")
    rule = ClockBook.load().rule(remedy.raise_rule)
    if rule.direction == "before" and tender.deadline:
        return check(rule.id, now, tender.deadline, Calendar.load(), field="text")
    if rule.unit == "period_end":
        end = tenders.noted(tender, rule.until)
        return verdict(
            end is not None and now <= end,
            rule.id,
            Text("公示期已经结束，不能再对结果提出异议", "the publicity period is over; objections to the result came too late"),
            article=rule.article,
        )
    start = period_from(tender, kind)
    if rule.unit == "session" or start is None or start >= now:  # the time has not begun to run
        return YES
    return check(rule.id, start, now, Calendar.load(), field="text")


def may_stand(tender: Any, kind: Kind, actor: Actor, interest: str) -> Verdict:
    """Standing: who may object to this (实施条例 第22、44、54条; 政府采购质疑和投诉办法 第11条)."""
    if kind.standing == "anybody" or has_role("bidder", actor, tender):
        return YES
    if kind.standing == "interested" and interest.strip():
        return YES
    if kind.standing == "interested":
        return no(
            "remedy.standing",
            Text("您没有投标；其他利害关系人要写明与本项目的利害关系", "you did not bid; say in what way the tender concerns you"),
            article=kind.article,
            field="interest",
            passes=Text("例如：中标候选人的分包人、货物制造商", "e.g. subcontractor or manufacturer of a tenderer"),
        )
    return no(
        "remedy.standing",
        Text(f"{kind.name.zh}由参加了开标的投标人（供应商）提出", f"a {kind.name.en} is for those whose bids were opened"),
        article=kind.article,
        passes=Text("投标已经开启的单位", "an organisation whose bid was opened"),
    )


def chosen_kind(tender: Any, key: str) -> Kind:
    """The kind that somebody means; with no key the nearest one that is possible now.

    Raises:
        Refused: that kind is not possible in the tender's present state, naming those that are.
    """
    possible = kinds_now(tender)
    if possible and not key:
        return possible[0]
    found = next((kind for kind in possible if kind.key == key), None)
    if found is not None:
        return found
    word = track_of(tender).word
    names = Text("、".join(kind.name.zh for kind in possible), ", ".join(kind.name.en for kind in possible))
    raise Refused(
        Reason(
            "remedy.kind",
            Text(f"目前阶段不能提出这种{word.zh}", f"no such {word.en} can be raised at this stage"),
            field="kind",
            passes=names if possible else None,
        )
    )


def is_possible(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Something can be objected to in this state under this procedure."""
    word = track_of(tender).word
    return verdict(
        bool(kinds_now(tender)),
        "remedy.kind",
        Text(f"目前阶段没有可以提出的{word.zh}", f"there is no {word.en} to raise at this stage"),
    )


def waiting(tender: Any) -> list[Any]:
    """Objections that are neither answered nor withdrawn, the oldest first. In Python, so that a list of tenders asks
    once for all (``prefetch_related``)."""
    return sorted((each for each in tender.objections.all() if each.waits), key=lambda each: each.pk)


def nothing_open(act: str) -> Any:
    """A condition of an act: no objection waits that holds this act up."""

    def guard(tender: Any, actor: Actor, now: datetime) -> Verdict:
        open_ones = waiting(tender)
        if not open_ones:
            return YES
        track = track_of(tender)
        held = next((each for each in open_ones if act in track.kinds[each.kind].holds), None)
        if held is None:
            return YES
        word = track.word
        return no(
            "objection.open",
            Text(f"有{word.zh}尚未答复，招标活动应当暂停", f"an {word.en} is not answered yet; trading must pause"
                 if word.en == "objection" else f"a {word.en} is not answered yet; this must wait"),
            article=track.kinds[held.kind].article,
            passes=Text(f"先答复{word.zh}", f"answer the {word.en} first"),
        )  # fmt: skip

    return guard


for _act in remedy_law().holders():
    condition(_act)(nothing_open(_act))


def pauses(tender: Any) -> list[Pause]:
    """Stretches in which an objection waited for its answer, and something with it: the statutory clock does not run."""
    kinds = track_of(tender).kinds
    return [
        Pause(each.raised_at, each.answered_at or each.withdrawn_at, "objection")
        for each in tender.objections.all()
        if kinds[each.kind].holds
    ]


clock_facts.STOPPED.append(pauses)


def has_open_objection(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """There is an objection to answer."""
    return verdict(
        bool(waiting(tender)),
        "objection.none",
        Text("没有待答复的异议", "no objection waits for an answer"),
    )


def has_own_open_objection(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The actor has an objection that is not answered yet."""
    own = actor.organisation.id if actor.organisation is not None else None
    return verdict(
        any(each.by_id == own for each in waiting(tender)),
        "objection.none",
        Text("您没有尚未答复的异议（质疑）可以撤回", "you have no objection that is not answered yet"),
    )
