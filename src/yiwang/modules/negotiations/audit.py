"""Talks, changes, single source and framework agreements against their acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.kernel import moment
from yiwang.modules.evidence.findings import Finding, Kept, Scope, match, said
from yiwang.modules.negotiations.models import (
    Application,
    Change,
    Choice,
    SourceObjection,
    SourcePublicity,
    Talk,
    TalksEnd,
)

KEPT = tuple(Kept(model, "tender") for model in (Talk, Change, TalksEnd, SourcePublicity, SourceObjection, Choice, Application))

Rows = dict[Any, dict[str, Any]]


def findings(scope: Scope) -> Iterator[Finding]:
    """Rows against ``negotiation.*``, ``source.*`` and ``framework.*``."""
    yield from _talks(scope)
    yield from _changes(scope)
    yield from _source(scope)
    yield from _choices(scope)
    yield from _applications(scope)


def _talks(scope: Scope) -> Iterator[Finding]:
    rows: Rows = {
        (row.tender.number, row.bid.chain, row.round): {
            "present": row.present, "record": row.record, "at": moment.stamp(row.at)
        }
        for row in Talk.objects.filter(**scope.rows("tender")).select_related("tender", "bid")
    }  # fmt: skip
    told: Rows = {
        (act.tender, act.public["bid"], act.public["round"]): {
            "present": act.public["present"], "record": act.private["record"], "at": moment.stamp(act.at), "*": act.label
        }
        for act in said("negotiation.talk", scope=scope)
    }  # fmt: skip
    yield from match("negotiations.Talk", rows, told)
    ends: Rows = {
        row.tender.number: {"requirements": row.requirements, "quote_hours": row.quote_hours, "at": moment.stamp(row.at)}
        for row in TalksEnd.objects.filter(**scope.rows("tender")).select_related("tender")
    }
    due: Rows = {
        act.tender: {
            "requirements": act.public["requirements"], "quote_hours": act.public["quote_hours"], "at": moment.stamp(act.at),
            "*": act.label,
        }
        for act in said("negotiation.close", scope=scope)
    }  # fmt: skip
    yield from match("negotiations.TalksEnd", ends, due)


def _changes(scope: Scope) -> Iterator[Finding]:
    names = ("kind", "text", "to")
    rows: Rows = {
        (row.tender.number, row.number): {**{name: getattr(row, name) for name in names}, "at": moment.stamp(row.at)}
        for row in Change.objects.filter(**scope.rows("tender")).select_related("tender")
    }
    told: Rows = {
        (act.tender, act.public["change"]): {
            **{name: act.public[name] for name in names}, "at": moment.stamp(act.at), "*": act.label
        }
        for act in said("negotiation.change", scope=scope)
    }  # fmt: skip
    yield from match("negotiations.Change", rows, told)


def _source(scope: Scope) -> Iterator[Finding]:
    rows: Rows = {
        row.tender.number: {
            "supplier": row.supplier.uscc, "ground": row.ground, "reason": row.reason, "opinions": row.opinions,
            "starts": moment.stamp(row.starts), "ends": moment.stamp(row.ends),
        }
        for row in SourcePublicity.objects.filter(**scope.rows("tender")).select_related("tender", "supplier")
    }  # fmt: skip
    told: Rows = {
        act.tender: {
            "supplier": act.public["supplier"]["uscc"],
            **{name: act.public[name] for name in ("ground", "reason", "opinions", "starts", "ends")}, "*": act.label,
        }
        for act in said("source.publicise", scope=scope)
    }  # fmt: skip
    yield from match("negotiations.SourcePublicity", rows, told)
    objections: Rows = {
        (row.tender.number, row.pk): {
            "text": row.text, "by": row.by_id, "at": moment.stamp(row.at), "answer": row.answer, "upheld": row.upheld,
            "answered_at": moment.stamp(row.answered_at) if row.answered_at else None,
        }
        for row in SourceObjection.objects.filter(**scope.rows("tender")).select_related("tender")
    }  # fmt: skip
    due: Rows = {}
    for act in said("source.object", "source.answer", scope=scope):
        key = (act.tender, act.public["objection"])
        if act.name == "source.object":
            due[key] = {"text": act.public["text"], "by": act.organisation, "at": moment.stamp(act.at), "answer": "",
                        "upheld": None, "answered_at": None}  # fmt: skip
        else:
            due[key] |= {"answer": act.public["answer"], "upheld": act.public["upheld"], "answered_at": moment.stamp(act.at)}
        due[key]["*"] = act.label
    yield from match("negotiations.SourceObjection", objections, due)


def _choices(scope: Scope) -> Iterator[Finding]:
    rows: Rows = {
        row.tender.number: {
            "manner": row.manner, "listed": row.listed, "chosen": row.chosen, "turn": row.turn, "reason": row.reason,
            "prices": row.prices, "quantity": row.quantity,
            "at": moment.stamp(row.at),
        }
        for row in Choice.objects.filter(**scope.rows("tender")).select_related("tender")
    }  # fmt: skip
    told: Rows = {
        act.tender: {
            **{name: act.public[name] for name in ("manner", "listed", "chosen")}, "turn": act.public.get("turn", 0),
            "prices": act.public.get("prices", {}), "quantity": act.public.get("quantity", 1),
            "reason": act.public.get("reason", ""), "at": moment.stamp(act.at), "*": act.label,
        }
        for act in said("framework.choose", scope=scope)
    }  # fmt: skip
    yield from match("negotiations.Choice", rows, told)


def _applications(scope: Scope) -> Iterator[Finding]:
    rows: Rows = {
        (row.tender.number, row.pk): {
            "supplier": row.supplier.uscc, "statement": row.statement, "price": row.price, "at": moment.stamp(row.at),
            "admitted": row.admitted, "reason": row.reason,
            "reviewed_at": moment.stamp(row.reviewed_at) if row.reviewed_at else None,
        }
        for row in Application.objects.filter(**scope.rows("tender")).select_related("tender", "supplier")
    }  # fmt: skip
    due: Rows = {}
    for act in said("framework.apply", "framework.review", scope=scope):
        key = (act.tender, act.public["application"])
        if act.name == "framework.apply":
            due[key] = {"supplier": act.public["supplier"], "statement": act.private["statement"], "price": act.public["price"],
                        "at": moment.stamp(act.at), "admitted": None, "reason": "", "reviewed_at": None}  # fmt: skip
        else:
            due[key] |= {"admitted": act.public["admitted"], "reason": act.public["reason"], "reviewed_at": moment.stamp(act.at)}
        due[key]["*"] = act.label
    yield from match("negotiations.Application", rows, due)
