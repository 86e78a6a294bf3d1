"""The host goes on to the next point of the opening hall's programme."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import WholeField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import hall_acts as acts
from yiwang.modules.openings import selectors as openings
from yiwang.modules.openings.hall_law import hall_law
from yiwang.ui.forms import UiForm

VERBS = {
    "price": Text("宣布最高投标限价", "Announce the control price"),
    "reading": Text("宣读下一家投标", "Read out the next bid"),
    "objections": Text("开始确认和异议", "Open the time to confirm or object"),
    "ended": Text("宣布开标会结束", "End the session"),
}


class NextForm(UiForm, forms.Form):
    """The point that comes next, and what it needs to know."""

    point = forms.CharField(widget=forms.HiddenInput)


def make_form(*args: Any, actor: Actor, tender: Any) -> NextForm:
    """The form for the point that comes next."""
    here, form, law = openings.hall_of(tender), NextForm(*args), hall_law()
    form.fields["point"].initial = here.following
    if here.following == "reading":
        form.fields["read"] = WholeField(
            least=here["read"] + 1, most=here.bids, initial=here["read"] + 1, label=Text("读到第几家", "Read out up to bid no.")
        )
    if here.following == "objections":
        form.fields["minutes"] = WholeField(
            least=law.least, most=law.most, initial=law.usual, label=Text("时间（分钟）", "Minutes"),
            help_text=Text("投标人在这段时间内确认记录或当场提出异议", "In this time tenderers confirm the record or object"),
        )  # fmt: skip
    return form


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Go on."""
    return acts.advance(actor=actor, tender=number, **data, **extra)


register(
    Screen(
        "hall.advance",
        perform,
        make_form=make_form,
        intro=Text("所有观看的人同时看到，并记入公开日志。", "Everybody who watches sees it at once; it goes into the public log."),
    )
)
