"""Write an incident into the log of the opening session."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.center.hall_pause import cause_field
from yiwang.desks.fields import LineField, ProseField, WholeField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import hall_acts as acts
from yiwang.ui.forms import UiForm


class IncidentForm(UiForm, forms.Form):
    """Who, how many minutes, what."""

    who = LineField(label=Text("涉及谁", "Who"), help_text=Text("例如：第 2 位保管人", "e.g. the second custodian"))
    minutes = WholeField(least=0, most=1440, initial=0, label=Text("耽误（分钟）", "Minutes lost"))
    text = ProseField(rows=3, most=acts.LONGEST, label=Text("经过和处理", "What happened and what was done"))


def make_form(*args: Any, actor: Actor, tender: Any) -> IncidentForm:
    """The form with the causes."""
    form = IncidentForm(*args)
    fields = form.fields
    form.fields = {"who": fields["who"], "cause": cause_field(), **fields}
    return form


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Record it."""
    return acts.incident(actor=actor, tender=number, **data, **extra)


register(
    Screen(
        "hall.incident",
        perform,
        make_form=make_form,
        intro=Text("记录写入公开日志，不能修改。", "It goes into the public log and cannot be changed."),
    )
)
