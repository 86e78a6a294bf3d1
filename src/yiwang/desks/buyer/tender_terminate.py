"""End a tender."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.tenders import acts
from yiwang.ui.forms import UiForm


class TerminateForm(UiForm, forms.Form):
    """Why."""

    reason = ProseField(
        label=Text("终止原因", "Reason"), help_text=Text("原因将立即公告", "The reason is published at once")
    )


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """End it."""
    return acts.terminate(actor=actor, tender=number, reason=data["reason"], **extra)


register(
    Screen(
        "tender.terminate",
        perform,
        form=TerminateForm,
        preview="desks/buyer/termination.html",
        confirm=True,
        reviewed=lambda request, tender, data: {"reason": data["reason"]},
        intro=Text(
            "终止后不能恢复。已收取的文件费用和投标保证金及利息应当退还。",
            "This cannot be undone. Fees and bid bonds with interest must be paid back.",
        ),
        final=True,
    )
)
