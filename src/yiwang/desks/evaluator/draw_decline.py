"""Screen: a drawn evaluator steps aside."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.experts import acts
from yiwang.ui.forms import UiForm


class DeclineForm(UiForm, forms.Form):
    """Why."""

    reason = ProseField(
        rows=4,
        most=200,
        label=Text("回避或不能参加的原因", "Why you step aside"),
        help_text=Text("例如：近三年在投标人处任职；原因不公开", "e.g. employed by a tenderer within three years; not made public"),
    )


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Step aside."""
    return acts.decline(actor=actor, tender=number, reason=data["reason"], **extra)


register(
    Screen(
        "draw.decline",
        perform,
        form=DeclineForm,
        intro=Text(
            "您退出后，由抽取顺序中的下一位专家接替，不再重新抽取。",
            "The next expert in the drawn order takes your seat; there is no second draw.",
        ),
        final=True,
    )
)
