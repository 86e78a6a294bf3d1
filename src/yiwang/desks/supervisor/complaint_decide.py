"""Screen: the department decides a complaint, with the decision as a file."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks import complaint_forms
from yiwang.desks.fields import LineField, PickField, ProseField, UploadField
from yiwang.desks.screens import Screen, register
from yiwang.kernel import file_content
from yiwang.kernel.text import Text
from yiwang.modules.evidence import files
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.remedies import complaint_acts as acts
from yiwang.modules.remedies.complaint_rules import orders_now
from yiwang.ui.forms import UiForm

_ENDS = "、".join(sorted(set(files.TYPES.values())))


class DecisionForm(UiForm, forms.Form):
    """Number, reasons and the decision itself."""

    number = LineField(most=100, label=Text("决定书文号", "Number of the decision"))
    reasons = ProseField(
        label=Text("认定的事实和理由", "Facts and reasons"),
        help_text=Text("立即公开", "public at once"),
    )
    file = UploadField(
        label=Text("处理决定书", "The decision"),
        help_text=Text(f"{_ENDS}；按内容指纹存档，公开下载", f"{_ENDS.replace('、', ', ')}; kept by its hash, for everybody to download"),
    )


_deciding = complaint_forms.maker(DecisionForm, complaint_forms.standing("accepted"))


def make_form(*args: Any, actor: Actor, tender: Any) -> Any:
    """The form with what can be ordered in the tender's present state."""
    form = _deciding(*args, actor=actor, tender=tender)
    picked = form.fields.pop("complaint")
    choices = [("", Text("驳回投诉", "the complaint is dismissed"))]
    choices += [(each.key, Text(f"投诉成立：{each.name.zh}", f"upheld: {each.name.en}")) for each in orders_now(tender)]
    order = PickField(label=Text("处理结果", "Result"), choices=choices, radio=True, required=False, initial="")
    form.fields = {"complaint": picked, "order": order, **form.fields}
    return form


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Keep the file, then decide."""
    upload = data["file"]
    file_content.check(upload.file, files.media_type(upload.read(8192)))
    content = files.store(upload.chunks(), types=files.TYPES)
    return acts.decide(
        actor=actor,
        tender=number,
        complaint=int(data["complaint"]),
        outcome="upheld" if data["order"] else "dismissed",
        order=data["order"],
        number=data["number"],
        reasons=data["reasons"],
        content=content,
        filename=upload.name[-200:],
        **extra,
    )


register(
    Screen(
        "complaint.decide",
        perform,
        make_form=make_form,
        template="desks/supervisor/complaint.html",
        context=complaint_forms.context,
        intro=Text("决定作出后立即公开，并送达投诉人、被投诉人和其他与结果有利害关系的当事人。",
                   "The decision is public at once, and told to complainant, respondent and all whose bids were opened."),
        final=True,
    )
)  # fmt: skip
