"""Checks on objections and complaints: answers and decisions in time or told late; what stood still, and that nothing went
on meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from yiwang.kernel import suspension
from yiwang.kernel.clock import Calendar, ClockBook, NoArrangement
from yiwang.kernel.clock_count import Pause, count, day_of, end_of
from yiwang.kernel.moment import from_stamp, stamp
from yiwang.kernel.remedies import Kind, remedy_law
from yiwang.kernel.text import Text
from yiwang.verifier.dossier import Act, Dossier
from yiwang.verifier.report import Outcome, later, outcome

HOLDING = ("complaint.suspend", "complaint.decide", "complaint.resume", "complaint.withdraw", "tender.suspend", "tender.resume")


def remedies(dossier: Dossier) -> Outcome:
    """Each answer and each decision has the due date that the law gives, and says itself whether it came late."""
    answers = [act for act in dossier.all("objection.answer") if "answer_by" in act.public]
    decisions = dossier.all("complaint.decide")
    if not dossier.facts or not (answers or decisions):
        return later("没有已公开的异议、质疑或者投诉", "no objection, query or complaint is public")
    try:
        faults = [*_answers(dossier, answers), *_decisions(dossier, decisions)]
    except NoArrangement as error:
        return outcome([reason.message for reason in error.reasons], Text("", ""))
    late = sum(bool(act.public["late"]) for act in (*answers, *decisions))
    return outcome(
        faults,
        Text(
            f"{len(answers)} 项答复、{len(decisions)} 项处理决定的期限重算相符，其中 {late} 项逾期并已载明",
            f"due dates of {len(answers)} answers and {len(decisions)} decisions agree; {late} came late and say so",
        ),
    )


def _answers(dossier: Dossier, answers: list[Act]) -> Iterator[Text]:
    kinds = remedy_law().tracks[dossier.law.track].kinds
    for act in answers:
        kind = kinds.get(act.public["kind"])
        rule = _answer_rule(dossier, kind) if kind else ""
        if not rule:
            yield Text(f"{act}：本采购方式没有这种异议", f"{act}: this procedure knows no such objection")
            continue
        raised = from_stamp(act.public["raised_at"])
        yield from _due(act, "answer_by", _answer_by(dossier.book, rule, raised), rule)
        if raised > act.at:
            yield Text(f"{act}：早于异议的提出", f"{act}: is dated before the objection")


def _answer_rule(dossier: Dossier, kind: Kind) -> str:
    return next((each.answer_rule for key in kind.remedy for each in dossier.law.remedies if each.key == key), "")


def _answer_by(book: ClockBook, rule_id: str, raised: datetime) -> datetime:
    rule = book.rule(rule_id)
    if rule.unit == "natural_day":
        return raised + timedelta(days=rule.amount)
    if rule.unit == "working_day":
        return count(rule, raised, Calendar.load()).moment
    return end_of(day_of(raised))


def _decisions(dossier: Dossier, decisions: list[Act]) -> Iterator[Text]:
    law = remedy_law()
    complaint = law.tracks[dossier.law.track].complaint
    for act in decisions:
        public = act.public
        received, accepted = from_stamp(public["received_at"]), from_stamp(public["accepted_at"])
        if not received <= accepted <= act.at:
            yield Text(f"{act}：收到、受理、决定的先后不对", f"{act}: receipt, acceptance and decision are out of order")
        start = received if complaint.decide_from == "filed" else accepted
        due = count(dossier.book.rule(complaint.decide), start, Calendar.load()).moment
        yield from _due(act, "decide_by", due, complaint.decide)
        order = law.orders.get(public["order"])
        if (public["outcome"] == "upheld") != (order is not None):
            yield Text(f"{act}：结论与处理不一致", f"{act}: result and order do not fit")
        elif order is not None and order.effect == "void" and not _failed_by(dossier, act):
            yield Text(f"{act}：中标无效，但项目没有因此结束", f"{act}: the award is void, yet the tender did not end by it")


def _due(act: Act, name: str, due: datetime, rule: str) -> Iterator[Text]:
    if act.public[name] != stamp(due):
        yield Text(f"{act}：期限应为 {stamp(due)}（{rule}）", f"{act}: it was due at {stamp(due)} ({rule})")
    if (rule in act.public["late"]) != (act.at > due):
        yield Text(f"{act}：是否逾期的记载不对（{rule}）", f"{act}: says wrongly whether it came late ({rule})")


def _failed_by(dossier: Dossier, act: Act) -> bool:
    failed = dossier.last("tender.fail")
    return failed is not None and failed.seq > act.seq and failed.public.get("number") == act.public["number"]


def stillness(dossier: Dossier) -> Outcome:
    """Suspensions begin and end in order, none by complaint is longer than the law allows, and nothing went on meanwhile."""
    if not dossier.facts or not any(dossier.all(name) for name in HOLDING):
        return later("没有暂停过", "it never stood still")
    walk = _Walk(dossier)
    faults = list(walk.faults())
    number = len(walk.stretches)
    zh, en = f"{number} 段暂停前后相符，期间没有继续进行的行为", f"{number} suspensions are consistent; nothing went on meanwhile"
    return outcome(faults, Text(zh, en))


class _Walk:
    """Down the disclosed acts, keeping what holds the tender up: by complaint, or by the kind of an order."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier
        self.open: dict[str, tuple[datetime, datetime | None]] = {}
        self.stretches: list[Pause] = []

    def faults(self) -> Iterator[Text]:
        """What is wrong, in the order of the acts; fills ``stretches``."""
        own = sorted((act for act in self.dossier.acts if act.subject == self.dossier.chain), key=lambda act: act.seq)
        for act in own:
            self._lapse(act.at)
            if self.open and suspension.goes_on(act.name):
                yield Text(f"{act}：在暂停期间", f"{act}: while the tender stood still")
            if act.name in HOLDING:
                yield from self._hold(act)
        for since, until in self.open.values():
            self.stretches.append(Pause(since, until))
        self.open.clear()

    def _lapse(self, at: datetime) -> None:
        for key, (since, until) in list(self.open.items()):
            if until is not None and until <= at:
                self.stretches.append(Pause(since, until))
                del self.open[key]

    def _hold(self, act: Act) -> Iterator[Text]:
        public = act.public
        key = f"complaint {public['complaint']}" if "complaint" in public else str(public["kind"])
        if act.name == "complaint.decide" and public["held"]:
            since = self.open.get(key, (act.at, None))[0]
            self.open[key] = (since, None)
        elif act.name in ("complaint.suspend", "tender.suspend"):
            if key in self.open:
                yield Text(f"{act}：已经暂停", f"{act}: it stood still already")
            until = from_stamp(public["until"]) if public.get("until") else None
            yield from self._too_long(act, until)
            self.open[key] = (act.at, until)
        elif "since" in public:
            begun = self.open.pop(key, None)
            if begun is None or stamp(begun[0]) != public["since"]:
                yield Text(f"{act}：与暂停的开始不符", f"{act}: does not fit the beginning of the suspension")
            self.stretches.append(Pause(from_stamp(public["since"]), act.at))
        elif act.name in ("complaint.decide", "complaint.withdraw") and key in self.open and not public["held"]:
            yield Text(f"{act}：没有说明暂停到此结束", f"{act}: does not say that the suspension ends")

    def _too_long(self, act: Act, until: datetime | None) -> Iterator[Text]:
        rule = remedy_law().tracks[self.dossier.law.track].complaint.suspend
        if act.name != "complaint.suspend" or not rule:
            return
        latest = count(self.dossier.book.rule(rule), act.at, Calendar.load()).moment
        if until is None or until > latest:
            yield Text(f"{act}：暂停超过法定期限（{rule}）", f"{act}: is longer than the law allows ({rule})")


def pauses(dossier: Dossier) -> tuple[Pause, ...]:
    """When the statutory clock stood still: suspensions, and objections that hold something up until they are answered."""
    walk = _Walk(dossier)
    list(walk.faults())
    kinds = remedy_law().tracks[dossier.law.track].kinds
    held = [
        Pause(from_stamp(act.public["raised_at"]), act.at, "objection")
        for name in ("objection.answer", "objection.withdraw")
        for act in dossier.all(name)
        if "raised_at" in act.public and (kind := kinds.get(act.public["kind"])) is not None and kind.holds
    ]
    return (*walk.stretches, *held)
