"""Freeze the list of eligible experts."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks import wording
from yiwang.desks.fields import WholeField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.experts import acts
from yiwang.modules.tenders.selectors import law_of
from yiwang.ui.forms import UiForm

PROPOSED = {"technical": 3, "economic": 2}


class SeatsForm(UiForm, forms.Form):
    """Seats per discipline."""

    technical = WholeField(
        label=Text("技术专家席位", "Seats for technical experts"), least=0, most=50, initial=PROPOSED["technical"]
    )
    economic = WholeField(
        label=Text("经济专家席位", "Seats for economic experts"), least=0, most=50, initial=PROPOSED["economic"]
    )


def make_form(*args: Any, actor: Actor, tender: Any) -> SeatsForm:
    """The form, saying what the procedure asks of a committee."""
    form = SeatsForm(*args)
    rule = law_of(tender).committee
    form.fields["technical"].help_text = Text(  # type: ignore[assignment]
        f"合计 {rule.least} 人以上单数（{rule.article}）",
        f"together an odd number of at least {rule.least} ({rule.article})",
    )
    return form


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Freeze the list."""
    seats = {code: data[code] for code in wording.DISCIPLINES if data[code]}
    return acts.freeze_list(actor=actor, tender=number, seats=seats, **extra)


register(
    Screen(
        "draw.freeze_list",
        perform,
        make_form=make_form,
        intro=Text(
            "先排除应当回避的专家，再把可抽取名单的加盐指纹写入公开日志。之后三方才给出随机数，谁也不能再改名单。",
            "Experts who must step aside are left out; the salted hash of the list goes to the public log. "
            "Only then the three sides give their shares, and nobody can change the list.",
        ),
    )
)
