"""GET: the law as the program reads it: rules and procedures."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from yiwang.api.auth import ANYBODY
from yiwang.api.problems import ERRORS, Words, words
from yiwang.kernel import procedures, rules
from yiwang.kernel.errors import BadInput, NotVisible
from yiwang.modules.venues import selectors as venues

router = Router(tags=["law"], auth=ANYBODY)


class RuleLine(Schema):
    """A rule in the list."""

    id: str
    kind: str
    title: Words
    article: str


class RuleOut(RuleLine):
    """A rule with its worked examples."""

    explanation: Words
    source: str
    hard: bool
    procedures: list[str]
    note: str
    examples: list[dict[str, Any]]


class ProcedureOut(Schema):
    """A procedure: its steps in order, and what bounds them."""

    id: str
    version: int
    name: Words
    summary: Words
    articles: list[str]
    steps: list[dict[str, Any]]


class CenterDayOut(Schema):
    """A day on duty or closed."""

    entry: int
    day: str
    kind: str
    starts: str | None
    ends: str | None
    phone: str
    reason: str


@router.get("/rules", response={200: list[RuleLine], **ERRORS}, operation_id="rules.list")
def all_rules(request: HttpRequest) -> list[dict[str, Any]]:
    """Every rule: periods, limits, committees, formulas, publicity."""
    return [_line(page) for page in rules.all_rules()]


@router.get("/rules/{rule}", response={200: RuleOut, **ERRORS}, operation_id="rules.get")
def one_rule(request: HttpRequest, rule: str) -> dict[str, Any]:
    """One rule with its article and worked examples."""
    try:
        page = rules.rule_page(rule)
    except BadInput:
        raise NotVisible from None
    return {
        **_line(page),
        "explanation": words(page.explanation),
        "source": page.source,
        "hard": page.hard,
        "procedures": list(page.procedures),
        "note": page.note,
        "examples": [{"name": words(each.name), "lines": [words(text) for text in each.lines]} for each in page.examples],
    }


@router.get("/procedures", response={200: list[ProcedureOut], **ERRORS}, operation_id="procedures.list")
def all_procedures(request: HttpRequest) -> list[dict[str, Any]]:
    """Every procedure with its steps."""
    return [_procedure(each) for each in procedures.all_procedures()]


@router.get("/calendar", response={200: list[CenterDayOut], **ERRORS}, operation_id="calendar.list")
def calendar(request: HttpRequest) -> list[dict[str, Any]]:
    """Days on which the center departs from the State Council's arrangement: on duty on a rest day, or closed."""
    return [
        {"entry": each.number, "day": each.day.isoformat(), "kind": each.kind, "starts": _hour(each.starts),
         "ends": _hour(each.ends), "phone": each.phone, "reason": each.reason}
        for each in venues.days()
    ]  # fmt: skip


def _hour(at: time | None) -> str | None:
    return None if at is None else f"{at:%H:%M}"


def _line(page: rules.RulePage) -> dict[str, Any]:
    return {"id": page.id, "kind": page.kind, "title": words(page.title), "article": page.article}


def _procedure(each: procedures.Procedure) -> dict[str, Any]:
    return {
        "id": each.id,
        "version": each.version,
        "name": words(each.name),
        "summary": words(each.summary),
        "articles": list(each.articles),
        "steps": [
            {
                "key": step.key,
                "act": step.act,
                "name": words(step.name),
                "actors": list(step.actors),
                "states": list(step.states),
                "target": step.target,
                "kind": step.kind,
                "public": step.public,
                "rules": list(step.clock),
                "articles": list(step.articles),
            }
            for step in (*each.steps, *each.branches)
        ],
    }
