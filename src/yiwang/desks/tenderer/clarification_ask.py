"""Screen: ask about the tender's documents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks.fields import ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.tenders import acts, selectors
from yiwang.ui.forms import UiForm


class QuestionForm(UiForm, forms.Form):
    """The question."""

    question = ProseField(
        rows=7,
        most=5000,
        label=Text("您的疑问", "Your question"),
        help_text=Text("写明招标文件的章节和页码；不要写您的单位名称", "name chapter and page; leave out who you are"),
    )


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Ask it."""
    return acts.ask(actor=actor, tender=number, question=data["question"], **extra)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """What was asked and answered so far, and the own open questions."""
    return {"clarifications": selectors.clarifications(request.actor, tender)}  # type: ignore[attr-defined]


register(
    Screen(
        "clarification.ask",
        perform,
        form=QuestionForm,
        template="desks/tenderer/clarification_ask.html",
        intro=Text(
            "答复发给所有人，不写明提问人。除了您自己，没有人知道是谁问的。",
            "The answer goes to everybody and does not say who asked. Nobody but you ever learns who asked.",
        ),
        context=context,
    )
)
