"""A procedure's coming steps: for each the earliest and latest lawful moment, and how it is counted.

Moments that are known (done or planned) are fixed; the others are projected from them. A year without holiday
arrangement, or a stopped clock, leaves a step ``unknown`` with the reason; the other steps stand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from yiwang.kernel.calendar import Calendar, NoArrangement
from yiwang.kernel.clock_book import ClockBook, Rule
from yiwang.kernel.clock_check import earliest_after, judge, judge_back
from yiwang.kernel.clock_count import Due, Pause, Stopped, aware, count, day_of
from yiwang.kernel.errors import Refused, bad
from yiwang.kernel.moment import LOCAL, stamp
from yiwang.kernel.procedures import Procedure, ProcedureStep, of
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Reason, Verdict


@dataclass(slots=True)
class Step:
    """One step of the timeline.

    Attributes:
        status: ``done``, ``planned`` (known, still to come), ``coming`` (projected), ``open`` (nothing bounds it yet)
            or ``unknown`` (see ``reasons``).
        at: the known moment. earliest, latest: lawful bounds, aware UTC, None when nothing bounds.
        dues: the counts behind the bounds. verdict: whether the known moment keeps them (hard rules only);
            warnings: the same for rules that only warn.
        reasons: why a bound cannot be told.
    """

    step: ProcedureStep
    at: datetime | None = None
    earliest: datetime | None = None
    latest: datetime | None = None
    status: str = "open"
    dues: list[Due] = field(default_factory=list)
    verdict: Verdict = YES
    warnings: Verdict = YES
    reasons: list[Reason] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The step's key in the procedure."""
        return self.step.key

    @property
    def name(self) -> Text:
        """The step's name."""
        return self.step.name

    @property
    def rule_ids(self) -> tuple[str, ...]:
        """The clock rules of the step."""
        return self.step.clock

    @property
    def articles(self) -> tuple[str, ...]:
        """The step's articles and those of its counts, each once."""
        return tuple(dict.fromkeys((*self.step.articles, *(due.rule.article for due in self.dues))))

    def to_json(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "key": self.key,
            "act": self.step.act,
            "name": _json(self.name),
            "kind": self.step.kind,
            "status": self.status,
            "at": _stamp(self.at),
            "earliest": _stamp(self.earliest),
            "latest": _stamp(self.latest),
            "rules": list(self.rule_ids),
            "articles": list(self.articles),
            "count": [{"rule": due.rule.id, "lines": [_json(line) for line in due.arithmetic]} for due in self.dues],
            "ok": self.verdict.ok,
            "refused": [_reason(item) for item in self.verdict.reasons],
            "warnings": [_reason(item) for item in self.warnings.reasons],
            "unknown": [_reason(item) for item in self.reasons],
        }


def _stamp(moment: datetime | None) -> str | None:
    return None if moment is None else stamp(moment)


def _json(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "article": reason.article,
        "message": _json(reason.message),
        "passes": None if reason.passes is None else _json(reason.passes),
    }


@dataclass(slots=True)
class _Span:
    """When an event happens: both bounds equal when it is known."""

    earliest: datetime | None = None
    latest: datetime | None = None
    known: bool = False


_NOWHERE = _Span()
_Row = tuple[ProcedureStep, tuple[str, ...], tuple[Rule, ...]]


@dataclass(slots=True)
class _Scene:
    calendar: Calendar
    pauses: Sequence[Pause]
    rosters: Mapping[str, str]
    staffed: Mapping[date, str]
    spans: dict[str, _Span]
    plan: _Plan

    def span(self, event: str) -> _Span:
        return self.spans.get(event, _NOWHERE)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A procedure made ready for many timelines.

    Attributes:
        rows: each step, the names by which its moment is known, and its rules.
        enders: by the event that ends a period, the rules that tell when it comes.
    """

    procedure: Procedure
    book: ClockBook
    rows: tuple[_Row, ...]
    enders: dict[str, tuple[Rule, ...]]


_plans: dict[int, _Plan] = {}


def _plan_of(procedure: Procedure, book: ClockBook) -> _Plan:
    """The plan of this very procedure object, kept while it lives here; 64 at most."""
    plan = _plans.get(id(procedure))
    if plan is None or plan.procedure is not procedure or plan.book is not book:
        if len(_plans) >= 64:
            _plans.clear()
        rows = tuple((row, (*row.events, row.key), tuple(map(book.rule, row.clock))) for row in procedure.steps)
        enders: dict[str, tuple[Rule, ...]] = {}
        for row, _, rules in rows:
            for event in row.events:
                enders[event] = (*enders.get(event, ()), *rules)
        plan = _plans[id(procedure)] = _Plan(procedure, book, rows, enders)
    return plan


def timeline(
    procedure: str | Procedure,
    events: Mapping[str, datetime],
    calendar: Calendar,
    *,
    pauses: Sequence[Pause] = (),
    rosters: Mapping[str, str] | None = None,
    staffed: Mapping[date, str] | None = None,
    now: datetime | None = None,
    book: ClockBook | None = None,
) -> list[Step]:
    """The procedure's steps with their lawful bounds.

    Args:
        events: known moments (done or planned) by clock event, e.g. ``tender_doc.issue_start``, or by step key, e.g.
            ``opening_confirm``; of what happened more than once the last.
        pauses: times when clocks stood still, by cause.
        rosters: duty roster by rule id, for minimum periods that may end on a rest day.
        staffed: duty roster by rest day, for whichever minimum period ends on it.
        now: known moments up to it are ``done``; None: every known moment counts as done.

    Raises:
        BadInput: an event that the clock does not know, or a moment without time zone.
    """
    chosen, known_book = of(procedure), book or ClockBook.load()
    scene = _Scene(calendar, pauses, rosters or {}, staffed or {}, {}, _plan_of(chosen, known_book))
    for event, moment in events.items():
        if event not in chosen.by_key:
            known_book.event(event)
        fixed = aware(moment)
        scene.spans[event] = _Span(fixed, fixed, True)
    steps, floor = [], _NOWHERE
    for planned in scene.plan.rows:
        step, row = _step(scene, planned, floor, now), planned[0]
        steps.append(step)
        if row.kind == "main" and (step.earliest or step.at):
            floor = _Span(step.at or step.earliest, step.at)
    return steps


def _step(scene: _Scene, planned: _Row, floor: _Span, now: datetime | None) -> Step:
    row, names, rules = planned
    step = Step(row)
    spans = scene.spans
    for name in names:
        if name in spans:
            known = spans[name]
            step.at = known.earliest
            for event in row.events:
                spans.setdefault(event, known)
            break
    for rule in rules:
        try:
            _bound(scene, rule, step)
        except (NoArrangement, Stopped) as error:
            step.reasons.extend(error.reasons)
    if step.at:
        step.status = "planned" if now is not None and step.at > now else "done"
        return step
    if step.reasons:
        step.status = "unknown"
        return step
    if row.kind == "optional":
        step.status = "coming" if step.earliest or step.latest else "open"
        return step
    if floor.earliest and (step.earliest is None or step.earliest < floor.earliest):
        step.earliest = floor.earliest
    step.status = "coming" if step.earliest or step.latest else "open"
    for event in row.events:
        spans[event] = _Span(step.earliest, step.latest)
    return step


def _bound(scene: _Scene, rule: Rule, step: Step) -> None:
    """Narrow a step by one rule, and judge its known moment."""
    if rule.direction == "before":
        _bound_back(scene, rule, step)
        return
    start = scene.span(rule.from_event)
    moment = start.earliest if rule.bound == "min" else start.latest
    until = None
    if rule.until:
        until = _end_of_period(scene, rule)
        if until is None:
            return
    if moment is not None:
        _count_on(scene, rule, step, moment, until, known=start.known)
    if start.earliest and rule.bound == "max" and rule.amount == 0:
        _narrow(step, start.earliest, None)


def _count_on(
    scene: _Scene, rule: Rule, step: Step, moment: datetime, until: datetime | None, *, known: bool
) -> None:
    severity = _severity(rule, moment)
    if severity == "none":
        return
    roster = scene.rosters.get(rule.id, "")
    due = count(rule, moment, scene.calendar, pauses=scene.pauses, until=until, roster=roster, staffed=scene.staffed)
    step.dues.append(due)
    if severity == "binds" or not rule.hard:
        _narrow(step, due.earliest, due.latest)
    if step.at and known:
        _judged(step, judge(due, step.at), binds=severity == "binds")


def _severity(rule: Rule, moment: datetime) -> str:
    if rule.since is None and rule.ended is None:  # nearly all: no day to work out
        return "binds" if rule.hard else "warns"
    return rule.severity(day_of(moment))


def _end_of_period(scene: _Scene, rule: Rule) -> datetime | None:
    """When the period of a ``within`` rule ends: as known, or as counted from what is known."""
    if not rule.until:
        return None
    span = scene.span(rule.until)
    if span.known or span.earliest:
        return span.latest or span.earliest
    for ends in scene.plan.enders.get(rule.until, ()):
        start = scene.span(ends.from_event)
        if start.known and start.earliest:
            return count(ends, start.earliest, scene.calendar, pauses=scene.pauses, staffed=scene.staffed).moment
    return None


def _bound_back(scene: _Scene, rule: Rule, step: Step) -> None:
    start, end = scene.span(rule.from_event), scene.span(rule.to_event)
    if rule.to_event in step.step.events:
        if not start.known or start.earliest is None:
            return
        severity = _severity(rule, start.earliest)
        if severity == "none":
            return
        earliest = earliest_after(rule, start.earliest, scene.calendar, staffed=scene.staffed)
        if severity == "binds" or not rule.hard:
            _narrow(step, earliest, None)
        anchor = step.at or earliest
        due = count(rule, anchor, scene.calendar)
        step.dues.append(due)
        if step.at:
            _judged(step, judge_back(due, start.earliest, step.at, scene.calendar), binds=severity == "binds")
        return
    anchor_moment = end.latest or end.earliest
    if anchor_moment is None:
        return
    due = count(rule, anchor_moment, scene.calendar)
    severity = _severity(rule, step.at or due.moment)
    if severity == "none":
        return
    step.dues.append(due)
    if severity == "binds" or not rule.hard:
        _narrow(step, due.earliest, due.latest)
    if step.at and end.known:
        _judged(step, judge_back(due, step.at, anchor_moment, scene.calendar), binds=severity == "binds")


def _judged(step: Step, verdict: Verdict, *, binds: bool) -> None:
    if binds:
        step.verdict &= verdict
    else:
        step.warnings &= verdict


def _narrow(step: Step, earliest: datetime | None, latest: datetime | None) -> None:
    if earliest and (step.earliest is None or earliest > step.earliest):
        step.earliest = earliest
    if latest and (step.latest is None or latest < step.latest):
        step.latest = latest


def propose_deadline(
    issue_start: datetime,
    procedure: str | Procedure,
    calendar: Calendar,
    *,
    hour: int = 9,
    minute: int = 30,
    clarified: datetime | None = None,
) -> datetime:
    """The earliest lawful bid deadline at a local working hour of an open workday, aware UTC.

    Args:
        issue_start: when the tender documents are first issued.
        clarified: when the last clarification that touches the bids was issued, if any.

    Raises:
        Refused: the count enters a year without holiday arrangement, or the procedure has no bid deadline.
    """
    events = {"tender_doc.issue_start": issue_start}
    if clarified is not None:
        events["tender_clarification.issue"] = clarified
    steps = timeline(procedure, events, calendar)
    step = next((item for item in steps if "bid.deadline" in item.step.events), None)
    if step is None:
        raise bad("procedure", "该采购方式没有投标截止", "the procedure has no bid deadline")
    if step.reasons or step.earliest is None:
        raise Refused(*step.reasons)
    day = calendar.roll_forward(day_of(step.earliest), closures=True)
    return datetime.combine(day, time(hour, minute), LOCAL).astimezone(UTC)
