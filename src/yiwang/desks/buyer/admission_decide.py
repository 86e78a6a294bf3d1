"""End a round: whom it admits to the next follows from the committee's report; the list is shown before it is decided."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from yiwang.desks import rounds_shown
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.awards import admission_acts, admission_selectors
from yiwang.modules.evidence.actors import Actor


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Decide."""
    return admission_acts.decide(actor=actor, tender=number, **extra)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """Who would go on, and why others would not."""
    due = admission_selectors.due(request.actor, tender)  # type: ignore[attr-defined]
    return {"table": rounds_shown.list_table(*due) if due else None}


register(
    Screen(
        "admission.decide",
        perform,
        preview="desks/table_alone.html",
        context=context,
        intro=Text(
            "通过名单由评审报告得出，不能增减。确定后通知每个投标人（申请人）本人的结果。",
            "The list follows from the committee's report; nobody is added or left out. Each tenderer is told the own result.",
        ),
        final=True,
    )
)
