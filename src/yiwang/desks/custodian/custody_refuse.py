"""Screen: a custodian declares that she cannot or will not keep or release the key."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import acts
from yiwang.modules.openings.custody_acts import LONGEST
from yiwang.ui.forms import UiForm


class RefuseForm(UiForm, forms.Form):
    """Why."""

    reason = ProseField(
        rows=4,
        most=LONGEST,
        label=Text("原因", "Reason"),
        help_text=Text("例如：密钥文件丢失；那天在外地；有利害关系需要回避。开标后公开。",
                       "E.g. the key file is lost; away on that day; a conflict of interest. Public from the opening."),
    )  # fmt: skip


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Declare it."""
    return acts.refuse(actor=actor, tender=number, reason=data["reason"], **extra)


register(
    Screen(
        "custody.refuse",
        perform,
        form=RefuseForm,
        intro=Text(
            "声明后，您的替补可以立即代您办理；公告发布之前，招标人也可以换人，您已提供的公钥作废。"
            "其他保管人够数时，少了您一位仍可开标。声明之后您仍可以自己办理。",
            "Your deputy may then act for you at once; before the notice the buyer may also name somebody else, and a key "
            "that you gave is void. When enough others release theirs, the bids open without you. You may still do it "
            "yourself afterwards.",
        ),
        final=True,
    )
)
