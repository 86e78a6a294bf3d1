"""What a tender's row must say: the row derived again by walking down the tender's acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yiwang.kernel import moment, procedures
from yiwang.kernel.clock_names import event_of
from yiwang.modules.evidence import course, registry
from yiwang.modules.evidence.findings import Said, Scope, said
from yiwang.modules.tenders import selectors

OF_THE_NOTICE = ("documents", "issue_start", "issue_end", "deadline", "custody", "invited")

UNSAID: dict[str, Any] = {
    "upload_grace_minutes": 0, "joint_bids_allowed": False, "retender_of": "", "procedure_version": 1, "project": {},
    "stage_of": "", "invitees": [], "reserved_for": "", "required_documents": [], "bid_bond": 0, "law": {},
}  # fmt: skip
"""What an entry means that does not say it."""

Row = dict[str, Any]


def walk(scope: Scope) -> dict[str, Row]:
    """The row of each tender of the scope, by number."""
    names = [row.act for row in registry.rows()]
    due: dict[str, Row] = {}
    for act in said(*names, scope=scope):
        if not act.tender or (act.tender not in due and act.name != "tender.enter"):
            continue
        row = due.setdefault(act.tender, {"events": {}, "custody": [], "deadline": None, "_keys": {}, "_seats": {}})
        _STEPS.get(act.name, _nothing)(row, act, moment.stamp(act.at))
        _state(row, act)
        row["*"] = act.label
    for row in due.values():
        method = procedures.load(row["procedure"], row["procedure_version"]).method
        row["events"] |= {event_of(method, event): at for event, at in row["events"].items()}
        for name in ("_keys", "_seats", "_custodians", "_sides"):
            row.pop(name, None)
    return due


def _state(row: Row, act: Said) -> None:
    """The state that the act leads to; of the report's signatures only the last one ends the evaluation."""
    law = selectors.course_under(row["procedure"], row["procedure_version"])
    target = course.target_from(registry.row_of(act.name), law, row.get("state", ""))
    if target and (act.name != "evaluation.sign_report" or not row["_seats"]):
        row["state"] = target


def _nothing(row: Row, act: Said, at: str) -> None:
    """Acts that leave the tender's row as it is."""


def _enter(row: Row, act: Said, at: str) -> None:
    row.update(UNSAID | act.public)
    row["events"]["tender.entered"] = at


def _publish(row: Row, act: Said, at: str) -> None:
    row.update((key, value) for key, value in act.public.items() if key not in OF_THE_NOTICE)
    row["deadline"] = act.public["deadline"]
    row["events"] |= {
        "notice.published": at,
        "tender_doc.issue_start": act.public["issue_start"],
        "tender_doc.issue_end": act.public["issue_end"],
        "bid.deadline": act.public["deadline"],
    }


def _invite(row: Row, act: Said, at: str) -> None:
    _publish(row, act, at)
    row["invitees"] = [each["uscc"] for each in act.public["invited"]]


def _clarify(row: Row, act: Said, at: str) -> None:
    row["deadline"] = act.public["deadline"]
    row["events"] |= {"bid.deadline": act.public["deadline"], "tender_clarification.issue": at}


def _resume(row: Row, act: Said, at: str) -> None:
    if "deadline" in act.public:
        row["deadline"] = act.public["deadline"]
        row["events"] |= {"bid.deadline": act.public["deadline"]}


def _appoint(row: Row, act: Said, at: str) -> None:
    row["_keys"], row["_custodians"], row["custody"] = {}, len(act.public["custodians"]), []
    row["custody_threshold"] = act.public["threshold"]


def _provide_key(row: Row, act: Said, at: str) -> None:
    keys = row["_keys"]
    keys[act.public["position"]] = act.public["recipient"]
    row["custody"] = [keys[n] for n in sorted(keys)] if len(keys) == row["_custodians"] else []


def _refuse(row: Row, act: Said, at: str) -> None:
    if act.public["void"]:  # the key that was given counts no more
        row["_keys"].pop(act.public["position"])
        row["custody"] = []


def _close(row: Row, act: Said, at: str) -> None:
    if "commitments" in act.public:  # a tender may also fail later, when the grace is over or in its evaluation
        row["events"].setdefault("bid.closed", at)


def _conclude(row: Row, act: Said, at: str) -> None:
    row["_seats"] = dict.fromkeys(range(len(act.public["report"]["sheets"])), False)


def _sign_report(row: Row, act: Said, at: str) -> None:
    if row["_seats"]:
        row["_seats"].popitem()
    if not row["_seats"]:
        row["events"]["evaluation_report.received"] = at


def _publicise(row: Row, act: Said, at: str) -> None:
    row["events"] |= {"candidate_publicity.start": at, "candidate_publicity.end": act.public["ends"]}


def _sign_contract(row: Row, act: Said, at: str) -> None:
    sides = row.setdefault("_sides", set())
    sides.add((act.public["side"], act.actor["party"]))
    if len(sides) == 2 + len(act.public["content"].get("members", ())):
        row["events"]["contract.signed"] = at


def _notify(row: Row, act: Said, at: str) -> None:
    row["events"]["award_notice.sent"] = at
    law = procedures.load(row["procedure"], row["procedure_version"])
    if any("result_notice.published" in step.events for step in law.steps):
        row["events"]["result_notice.published"] = at


def _single_source(row: Row, act: Said, at: str) -> None:
    row["invitees"] = [act.public["supplier"]["uscc"]]
    row["events"] |= {"single_source_publicity.start": act.public["starts"], "single_source_publicity.end": act.public["ends"]}


def _drawn(row: Row, act: Said, at: str) -> None:
    if "chosen" in act.public:
        row["invitees"] = list(act.public["chosen"])


def _chosen(row: Row, act: Said, at: str) -> None:
    row["invitees"] = list(act.public["chosen"])


def _settled(row: Row, act: Said, at: str) -> None:
    row["events"] |= {"evaluation.end": at, "evaluation_report.received": at}


def _at(event: str) -> Callable[[Row, Said, str], None]:
    def note(row: Row, act: Said, at: str) -> None:
        row["events"][event] = at

    return note


_STEPS: dict[str, Callable[[Row, Said, str], None]] = {
    "tender.enter": _enter,
    "tender.publish": _publish,
    "tender.invite": _invite,
    "admission.decide": _at("admission.decided"),
    "clarification.answer": _clarify,
    "tender.resume": _resume,
    "deadline.follow": _resume,
    "complaint.resume": _resume,
    "complaint.decide": _resume,
    "complaint.withdraw": _resume,
    "custody.appoint": _appoint,
    "custody.provide_key": _provide_key,
    "custody.refuse": _refuse,
    "opening.close": _close,
    "tender.fail": _close,
    "opening.open": _at("opening.start"),
    "evaluation.conclude": _conclude,
    "evaluation.sign_report": _sign_report,
    "source.publicise": _single_source,
    "framework.choose": _chosen,
    "invitees.reveal": _drawn,
    "negotiation.settle": _settled,
    "candidates.publicise": _publicise,
    "award.decide": _at("winner.determined"),
    "award.notify": _notify,
    "contract.sign": _sign_contract,
    "contract.register": _at("tender_report.filed"),
    "tender.archive": _at("archive.started"),
}
