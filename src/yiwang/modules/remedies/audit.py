"""Objections and complaints against their acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from yiwang.kernel import moment
from yiwang.modules.evidence.findings import Finding, Kept, Said, Scope, match, said
from yiwang.modules.remedies import complaint_rules, rules
from yiwang.modules.remedies.models import Complaint, Objection
from yiwang.modules.remedies.stillness import SUSPENDED, last_of
from yiwang.modules.tenders.selectors import law_of, suspensions

KEPT = (Kept(Objection, "tender"), Kept(Complaint, "tender"))

Row = dict[str, Any]
Key = tuple[str, int]


def findings(scope: Scope) -> Iterator[Finding]:
    """Rows against the acts of objections and of complaints."""
    yield from _objections(scope)
    yield from _complaints(scope)
    yield from _suspensions(scope)


def _objections(scope: Scope) -> Iterator[Finding]:
    found = list(Objection.objects.filter(**scope.rows("tender")).select_related("by", "tender"))
    rows = {
        (row.tender.number, row.pk): {
            "kind": row.kind, "text": row.text, "interest": row.interest, "by": row.by.uscc, "answer": row.answer,
            "upheld": row.upheld, "raised_at": _stamp(row.raised_at), "answer_by": _stamp(row.answer_by),
            "answered_at": _stamp(row.answered_at), "withdrawn_at": _stamp(row.withdrawn_at),
        }
        for row in found
    }  # fmt: skip
    procedures = {row.tender.number: law_of(row.tender) for row in found}
    due: dict[Key, Row] = {}
    for act in said("objection.raise", scope=scope):
        key = act.tender, act.public["objection"]
        due[key] = {
            "kind": act.public["kind"], "text": act.public["text"], "interest": act.public.get("interest", ""),
            "by": act.private["by"], "answer": "", "upheld": None, "raised_at": _stamp(act.at), "answered_at": None,
            "withdrawn_at": None, "*": act.label,
        }  # fmt: skip
        if act.tender in procedures:
            until = rules.answer_by(procedures[act.tender], act.public["kind"], act.at)
            due[key]["answer_by"] = _stamp(until)
    for act in said("objection.answer", scope=scope):
        due[act.tender, act.public["objection"]].update(
            answer=act.public["answer"], upheld=act.public["upheld"], answered_at=_stamp(act.at), **{"*": act.label}
        )
    for act in said("objection.withdraw", scope=scope):
        due[act.tender, act.public["objection"]].update(withdrawn_at=_stamp(act.at), **{"*": act.label})
    yield from match("remedies.Objection", rows, due)


_COLUMNS = (
    "kind", "text", "request", "interest", "industry", "department", "missing", "correction", "ground", "reasons",
    "suspension", "outcome", "order", "number", "document", "document_name", "media_type",
)  # fmt: skip
_MOMENTS = (
    "filed_at", "received_at", "accept_by", "returned_at", "accepted_at", "decide_by", "refused_at", "suspended_at",
    "suspended_until", "done_at", "decided_at", "withdrawn_at",
)  # fmt: skip


def _complaints(scope: Scope) -> Iterator[Finding]:
    rows = {
        (row.tender.number, row.pk): {
            **{name: getattr(row, name) for name in _COLUMNS},
            **{name: _stamp(getattr(row, name)) for name in _MOMENTS},
            "by": row.by.uscc,
            "objection": row.objection_id,
        }
        for row in Complaint.objects.filter(**scope.rows("tender")).select_related("by", "tender")
    }
    due: dict[Key, Row] = {}
    for act in said(*_TOLD, scope=scope):
        key = act.tender, act.public["complaint"]
        if act.name == "complaint.file":
            due[key] = _filed(act)
        row = due[key]
        row.update(_TOLD[act.name](row, act, _stamp(act.at)), **{"*": act.label})
    yield from match("remedies.Complaint", rows, due)


def _filed(act: Said) -> Row:
    empty: Row = {**dict.fromkeys(_COLUMNS, ""), **dict.fromkeys(_MOMENTS)}
    told = {name: act.public[name] for name in ("kind", "text", "request", "interest", "industry", "department", "objection", "accept_by")}
    return {**empty, **told, "by": act.private["by"], "filed_at": _stamp(act.at), "received_at": _stamp(act.at)}


def _goes_on(row: Row, at: str | None, held: bool) -> Row:
    """A suspension ends with the act, unless the act says that it lasts."""
    return {"done_at": at} if _held(row, at) and not held else {}


def _held(row: Row, at: str | None) -> bool:
    lasting = row["suspended_until"] is None or at is None or row["suspended_until"] > at
    return bool(row["suspended_at"]) and row["done_at"] is None and lasting


def _decided(row: Row, act: Said, at: str | None) -> Row:
    public = act.public
    found: Row = {name: public[name] for name in ("outcome", "order", "number", "reasons")}
    found |= {"document": public["decision"]["sha256"], "document_name": public["decision"]["filename"],
              "media_type": public["decision"]["media_type"], "decided_at": at}  # fmt: skip
    lasting = complaint_rules.remedy_law().orders.get(public["order"])
    held_before = _held(row, at)
    if lasting is not None and lasting.effect == "hold":
        found["suspended_until"] = None
        if not held_before:
            found |= {"suspended_at": at, "suspension": public["number"], "done_at": None}
    return {**found, **_goes_on(row, at, public["held"])}


_TOLD: dict[str, Callable[[Row, Said, str | None], Row]] = {
    "complaint.file": lambda row, act, at: {},
    "complaint.return": lambda row, act, at: {"missing": act.public["missing"], "returned_at": at},
    "complaint.correct": lambda row, act, at: {
        "correction": act.public["correction"], "received_at": at, "accept_by": act.public["accept_by"],
    },
    "complaint.accept": lambda row, act, at: {"accepted_at": at, "decide_by": act.public["decide_by"]},
    "complaint.refuse": lambda row, act, at: {"refused_at": at, "ground": act.public["ground"], "reasons": act.public["reasons"]},
    "complaint.suspend": lambda row, act, at: {
        "suspended_at": at, "suspended_until": act.public["until"], "suspension": act.public["number"], "done_at": None,
    },
    "complaint.resume": lambda row, act, at: {"done_at": at},
    "complaint.decide": _decided,
    "complaint.withdraw": lambda row, act, at: {"withdrawn_at": at, **_goes_on(row, at, act.public["held"])},
}  # fmt: skip
"""What each act leaves in the row of its complaint."""


def _suspensions(scope: Scope) -> Iterator[Finding]:
    """The tenders' suspensions by complaint, each renewed when a complaint begins or ceases to hold the tender."""
    rows = {
        (row.tender.number, _stamp(row.since)): {"until": _stamp(row.until)}
        for row in suspensions(SUSPENDED).filter(**scope.rows("tender"))
    }
    due: dict[tuple[str, str | None], Row] = {}
    held: dict[str, dict[int, str | None]] = {}
    for act in said("complaint.suspend", "complaint.resume", "complaint.decide", "complaint.withdraw", scope=scope):
        at, key = _stamp(act.at) or "", act.public["complaint"]
        before = {each: until for each, until in held.get(act.tender, {}).items() if until is None or until > at}
        after = {each: until for each, until in before.items() if each != key or "since" not in act.public}
        if act.name == "complaint.suspend" or act.public.get("held"):
            after[key] = act.public.get("until")
        held[act.tender] = after
        if after == before:
            continue
        if before:
            due[max(each for each in due if each[0] == act.tender)] |= {"until": at, "*": act.label}
        if after:
            due[act.tender, at] = {"until": last_of(after.values()), "*": act.label}
    yield from match("tenders.Suspension", rows, due)


def _stamp(at: datetime | None) -> str | None:
    return moment.stamp(at) if at else None
