"""Take a document of a draft back."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import PickField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.tenders import drafts
from yiwang.modules.tenders import selectors as tenders
from yiwang.ui.forms import UiForm


class DropForm(UiForm, forms.Form):
    """Which document; added by :func:`make_form`."""


def make_form(*args: Any, actor: Actor, tender: Any) -> DropForm:
    """The form with the documents."""
    form = DropForm(*args)
    choices = [(each.sha256, Text(f"{each.title}（{each.filename}）", f"{each.title} ({each.filename})")) for each in tenders.documents(tender)]
    form.fields = {"sha256": PickField(label=Text("文件", "Document"), choices=choices, radio=True)}
    return form


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Take it back."""
    return drafts.drop_document(actor=actor, tender=number, sha256=data["sha256"], **extra)


register(
    Screen(
        "draft.drop_document",
        perform,
        make_form=make_form,
        intro=Text("撤下以后可以上传改好的文件。曾经上传过这份文件，仍有记录。",
                   "A better one may be attached then. That it was attached stays on record."),
    )
)
