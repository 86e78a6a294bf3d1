"""Put off the opening, on a lawful ground, to a time that is announced with it."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import MomentField, PickField, ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import hall_acts as acts
from yiwang.modules.openings.hall_law import Ground, hall_law
from yiwang.ui.forms import UiForm


class PostponeForm(UiForm, forms.Form):
    """The ground, in words, and the new time."""

    reason = ProseField(rows=3, most=acts.LONGEST, label=Text("说明", "Reason"),
                        help_text=Text("写明是哪一件异议、哪一份决定或什么事件", "name the objection, the order or the event"))  # fmt: skip
    opens = MomentField(label=Text("新的开标时间", "New time of the opening"))


def make_form(*args: Any, actor: Actor, tender: Any) -> PostponeForm:
    """The form with the grounds that the law knows."""
    form = PostponeForm(*args)
    choices = [(key, _line(each)) for key, each in hall_law().grounds.items()]
    form.fields = {"ground": PickField(label=Text("法定理由", "Lawful ground"), choices=choices, radio=True), **form.fields}
    return form


def _line(ground: Ground) -> Text:
    return Text(f"{ground.says.zh}（{ground.article}）", ground.says.en)  # the page lists the articles, too


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Put it off."""
    return acts.postpone(actor=actor, tender=number, **data, **extra)


register(
    Screen(
        "hall.postpone",
        perform,
        make_form=make_form,
        final=True,
        intro=Text(
            "开标应当按时进行，只有下列理由可以推迟；新的时间立即向所有人公告。密封的投标不受影响。",
            "The opening is held in time; only these grounds put it off. The new time is announced to everybody at once. "
            "The sealed bids are not touched by it.",
        ),
    )
)
