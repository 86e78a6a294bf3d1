"""Check of the statutory intervals: the moments are read from the acts, the periods from the law's clock."""

from __future__ import annotations

from datetime import date, datetime

from yiwang.kernel.clock import Calendar, ClockBook, NoArrangement, Rule, Stopped, check
from yiwang.kernel.clock_count import Pause, day_of
from yiwang.kernel.clock_names import event_of
from yiwang.kernel.moment import from_stamp
from yiwang.kernel.procedures import Procedure
from yiwang.kernel.text import Text
from yiwang.verifier.checks.remedies import pauses
from yiwang.verifier.dossier import Act, Dossier
from yiwang.verifier.report import Outcome, later, outcome

FROM_ACTS = {
    "tender.publish": ("notice.published", "tender_notice.published", "tender_doc.issue_start"),
    "tender.invite": ("notice.published", "tender_doc.issue_start"),
    "evaluation.sign_report": ("evaluation_report.received",),
    "candidates.publicise": ("candidate_publicity.start",),
    "award.decide": ("winner.determined",),
    "award.notify": ("award_notice.sent", "result_notice.published"),
    "contract.sign": ("contract.signed",),
    "contract.register": ("tender_report.filed",),
    "tender.archive": ("archive.started",),
}
"""Clock events that happen with (the last of) an act. Opening at the very moment of the deadline (招标投标法 第34条) is
no event here: custodians need minutes to release their keys. How many, the report tells."""
MOVING = ("clarification.answer", "tender.resume", "complaint.resume", "complaint.decide", "complaint.withdraw",
          "deadline.follow")  # fmt: skip
"""Acts that may move the deadline for bids."""
LATE_TOLD = ("candidates.publicise", "contract.sign")
"""Acts whose own evidence says by which rules they came late: lateness there is told, not hidden."""


def moments(dossier: Dossier) -> dict[str, datetime]:
    """The moments of clock events, by event, from the disclosed acts."""
    found = {event: act.at for name, events in FROM_ACTS.items() if (act := dossier.last(name)) for event in events}
    notice = dossier.notice
    if notice:
        found["tender_doc.issue_end"] = from_stamp(notice.public["issue_end"])
        found["bid.deadline"] = from_stamp(notice.public["deadline"])
    for act in sorted((act for name in MOVING for act in dossier.all(name)), key=lambda each: each.index):
        if "deadline" in act.public:  # going on moves the deadline only while bids are taken
            found["bid.deadline"] = from_stamp(act.public["deadline"])
    public = dossier.last("candidates.publicise")
    if public:
        found["candidate_publicity.end"] = from_stamp(public.public["ends"])
    if len(dossier.all("contract.sign")) < 2:
        found.pop("contract.signed", None)
    method = dossier.law.method if dossier.facts else ""
    return found | {event_of(method, event): moment for event, moment in found.items()}


def intervals(dossier: Dossier) -> Outcome:
    """Every hard period of the procedure whose two moments are public is kept."""
    at, facts = moments(dossier), dossier.facts
    if not facts or not at:
        return later("招标公告尚未公开", "the notice is not public yet")
    book, calendar = dossier.book, Calendar.load()
    told = {code for name in LATE_TOLD for act in dossier.all(name) for code in act.public["late"]}
    faults, known, still = list(_fixed(dossier, at)), 0, pauses(dossier)
    details: list[Text] = []
    staffed = _staffed(dossier)
    for rule_id in dossier.law.clock_rules():
        rule = book.rule(rule_id)
        if rule.hard and rule.from_event in at and rule.to_event in at:
            known += 1
            stopped = still if rule.bound == "max" else ()
            late = _kept(rule, at[rule.from_event], at[rule.to_event], calendar, stopped, staffed=staffed, book=book)
            (details if rule.id in told else faults).extend(late)
    for act in dossier.all("clarification.answer"):
        if act.public["affects_bids"]:
            known += 1
            faults += _clarified(act, book, dossier.law, calendar)
    fine = Text(f"{known} 个法定期间均符合", f"{known} statutory periods are kept")
    if details:
        fine = Text(
            f"{known} 个法定期间，逾期者已在行为中载明",
            f"{known} statutory periods; the acts themselves state what came late",
        )
    found = outcome(faults, fine)
    return Outcome(found.status, (*found.details, *details, *_opened_after(dossier, at)))


def _opened_after(dossier: Dossier, at: dict[str, datetime]) -> list[Text]:
    opened = dossier.last("opening.open")
    if opened is None or "bid.deadline" not in at:
        return []
    minutes = int((opened.at - at["bid.deadline"]).total_seconds() // 60)
    return [Text(f"全部投标在截止后 {minutes} 分钟打开", f"all bids were open {minutes} minutes after the deadline")]


def _staffed(dossier: Dossier) -> dict[date, str]:
    """Rest days on which a deadline was set by a duty roster that the act names; the roster's own act is in the log."""
    acts = (act for name in ("tender.publish", "tender.invite", *MOVING) for act in dossier.all(name))
    return {day_of(from_stamp(act.public["deadline"])): act.public["roster"] for act in acts if "roster" in act.public}


def _kept(
    rule: Rule,
    start: datetime,
    end: datetime,
    calendar: Calendar,
    still: tuple[Pause, ...] = (),
    *,
    staffed: dict[date, str] | None = None,
    book: ClockBook | None = None,
) -> list[Text]:
    try:
        return [
            Text(f"{r.message.zh}（{r.article}）", f"{r.message.en} ({r.article})")
            for r in check(rule.id, start, end, calendar, pauses=still, staffed=staffed, book=book).reasons
        ]
    except Stopped:  # the period has not ended, since it stands still
        return []
    except NoArrangement as error:
        return [reason.message for reason in error.reasons]


def _fixed(dossier: Dossier, at: dict[str, datetime]) -> list[Text]:
    """Nothing closed before the deadline, no award before the publicity's end."""
    faults = []
    for name, event in (
        ("opening.close", "bid.deadline"),
        ("tender.fail", "bid.deadline"),
        ("award.decide", "candidate_publicity.end"),
    ):
        act = dossier.last(name)
        if act and event in at and act.at < at[event]:
            faults.append(Text(f"{act}：早于 {event}", f"{act}: before {event}"))
    return faults


def _clarified(act: Act, book: ClockBook, law: Procedure, calendar: Calendar) -> list[Text]:
    found: list[Text] = []
    deadline = from_stamp(act.public["deadline"])
    for rule_id in law.clock_rules():
        rule = book.rule(rule_id)
        if (rule.from_event, rule.to_event) == ("tender_clarification.issue", "bid.deadline"):
            found += _kept(rule, act.at, deadline, calendar, book=book)
    return found
