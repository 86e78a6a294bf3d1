"""Screen: fill in, review, sign and hand in the score sheet."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from yiwang.desks.evaluator.sheet_form import SheetForm
from yiwang.desks.screens import Screen, Statement, register
from yiwang.kernel.text import Text
from yiwang.modules.evaluations import acts
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.experts import selectors as experts


def make_form(*args: Any, actor: Actor, tender: Any) -> SheetForm:
    """The form for a tender and seat."""
    return SheetForm(*args, actor=actor, tender=tender)


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Hand it in."""
    return acts.submit_sheet(actor=actor, tender=number, sheet=data["sheet"], **extra)


def statement(actor: Actor, tender: Any, data: dict[str, Any]) -> Statement:
    """What is signed: the sheet by its hash."""
    return "score-sheet", acts.sheet_statement(tender.number, data["sheet"])


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """The own seat's label, the price bounds, the way to step aside."""
    seat = experts.own_seat(request.actor, tender)  # type: ignore[attr-defined]
    price = tender.formula.get("price") or {}
    return {
        "seat_number": seat.number if seat else "",
        "ceiling": price.get("ceiling"),
        "minimum": price.get("minimum"),
        "decline_url": reverse("desk:act", args=[tender.number, "draw.decline"]),
    }


register(
    Screen(
        "evaluation.submit_sheet",
        perform,
        make_form=make_form,
        statement=statement,
        template="desks/evaluator/evaluation_submit_sheet.html",
        intro=Text(
            "逐份评审，按评分项打分。全部评委提交之前，谁也看不到别人的分数；提交后不能修改。",
            "Review each bid and score each criterion. Until all evaluators are done nobody sees another's scores; a "
            "sheet that is in cannot be changed.",
        ),
        context=context,
    )
)
