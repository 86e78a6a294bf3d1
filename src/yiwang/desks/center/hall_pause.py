"""Pause the opening session with a reason, and resume it."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import PickField, ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import hall_acts as acts
from yiwang.modules.openings.hall_law import hall_law
from yiwang.ui.forms import UiForm


def cause_field() -> PickField:
    """The classes of causes that the law file knows."""
    return PickField(label=Text("原因类别", "Cause"), choices=[(key, each.name) for key, each in hall_law().causes.items()])


class PauseForm(UiForm, forms.Form):
    """Why the session is paused."""

    reason = ProseField(rows=3, most=acts.LONGEST, label=Text("说明", "Reason"), help_text=Text("所有人都能看到", "Everybody reads it"))


def make_form(*args: Any, actor: Actor, tender: Any) -> PauseForm:
    """The form with the causes."""
    form = PauseForm(*args)
    form.fields = {"cause": cause_field(), **form.fields}
    return form


def pause(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Pause."""
    return acts.pause(actor=actor, tender=number, **data, **extra)


def resume(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Resume."""
    return acts.resume(actor=actor, tender=number, **extra)


register(
    Screen(
        "hall.pause",
        pause,
        make_form=make_form,
        intro=Text("暂停期间不能开标、宣读或抽取。", "While it is paused nothing is opened, read out or drawn."),
    )
)
register(
    Screen(
        "hall.resume",
        resume,
        intro=Text("暂停时正在计的时间相应顺延。", "A time that ran when the session was paused is made longer by the pause."),
    )
)
