"""Tenders, documents and clarifications against their acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.kernel import moment
from yiwang.modules.evidence import registry
from yiwang.modules.evidence.findings import Finding, Said, match, said
from yiwang.modules.tenders.acts import _facts, document_facts
from yiwang.modules.tenders.models import Clarification, Document, Tender

OF_THE_NOTICE = ("documents", "issue_start", "issue_end", "deadline")


def findings() -> Iterator[Finding]:
    """What each row says against what the acts said last."""
    tenders = list(Tender.objects.select_related("buyer", "agency").prefetch_related("lots"))
    yield from match("tenders.Tender", {each.number: _row(each) for each in tenders}, _due())
    documents = {
        (row.tender.number, row.sha256): document_facts(row) for row in Document.objects.select_related("tender")
    }
    attached = {
        (act.tender, act.public["document"]["sha256"]): act.public["document"] for act in said("tender.attach_document")
    }
    yield from match("tenders.Document", documents, attached)
    rows = Clarification.objects.filter(answered_at__isnull=False).select_related("tender")
    answers = {
        (row.tender.number, moment.stamp(row.answered_at), row.question): {"answer": row.answer}
        for row in rows
        if row.answered_at is not None
    }
    told = {
        (act.tender, moment.stamp(act.at), act.public["question"]): {"answer": act.public["answer"]}
        for act in said("clarification.answer")
    }
    yield from match("tenders.Clarification", answers, told)


def _row(tender: Tender) -> dict[str, Any]:
    return {
        **_facts(tender, list(tender.lots.all())),
        "deadline": moment.stamp(tender.deadline) if tender.deadline else None,
        "custody": tender.custody,
        "state": tender.state,
    }


def _due() -> dict[str, dict[str, Any]]:
    """What each tender's row must say, by number, walking down its acts."""
    due: dict[str, dict[str, Any]] = {}
    for act in said("tender.enter", "tender.publish"):
        facts = {key: value for key, value in act.public.items() if key not in OF_THE_NOTICE}
        due.setdefault(act.tender, {}).update(facts, deadline=act.public.get("deadline"))
    for act in said("clarification.answer"):
        due[act.tender]["deadline"] = act.public["deadline"]
    keys: dict[str, dict[int, str]] = {}
    for act in said("custody.provide_key"):
        keys.setdefault(act.tender, {})[act.public["position"]] = act.public["recipient"]
    appointed = {}
    for act in said("custody.appoint"):
        appointed[act.tender] = act
    for number, row in due.items():
        given = keys.get(number, {})
        everyone = number in appointed and len(given) == len(appointed[number].public["custodians"])
        row["custody"] = [given[n] for n in sorted(given)] if everyone else []
        if number in appointed:
            row["custody_threshold"] = appointed[number].public["threshold"]
    _states(due)
    return due


def _states(due: dict[str, dict[str, Any]]) -> None:
    """The state that the acts lead to; the report's last signature, and only that, ends the evaluation."""
    names = [row.act for row in registry.rows() if row.target and row.act != "evaluation.sign_report"]
    last: dict[str, tuple[int, str]] = {}
    for name in names:
        target = registry.row_of(name).target
        for act in said(name):
            if act.tender in due and act.seq > last.get(act.tender, (-1, ""))[0]:
                last[act.tender] = (act.seq, target)
    signed: dict[str, list[Said]] = {}
    for act in said("evaluation.sign_report"):
        signed.setdefault(act.tender, []).append(act)
    seats = {act.tender: len(act.public["report"]["sheets"]) for act in said("evaluation.conclude")}
    for number, acts in signed.items():
        if len(acts) == seats.get(number) and acts[-1].seq > last[number][0]:
            last[number] = (acts[-1].seq, "evaluated")
    for number, (_, state) in last.items():
        due[number]["state"] = state
