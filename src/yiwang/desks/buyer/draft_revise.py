"""Change what the entry of a draft says in words."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import LineField, ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.tenders import drafts
from yiwang.ui.forms import UiForm


class ReviseForm(UiForm, forms.Form):
    """The texts of the entry."""

    description = ProseField(label=Text("招标内容和范围", "What is tendered"), required=False, rows=5)
    qualification = ProseField(label=Text("投标人资格要求", "Qualification of tenderers"), required=False, rows=5)
    region = LineField(label=Text("项目所在地区", "Region"), required=False, most=100)
    contact = LineField(label=Text("联系人和电话", "Contact person and telephone"), required=False)


def make_form(*args: Any, actor: Actor, tender: Any) -> ReviseForm:
    """The form with what the entry says now."""
    return ReviseForm(*args, initial={name: getattr(tender, name) for name in drafts.WORDS})


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Revise."""
    return drafts.revise(actor=actor, tender=number, **{name: data[name] for name in drafts.WORDS}, **extra)


register(
    Screen(
        "draft.revise",
        perform,
        make_form=make_form,
        intro=Text("公告发布前可以修改；每次修改都有记录。", "It may be changed until the notice is out; each change is on record."),
    )
)
