"""Screen: fix the list of candidates from whom the invited suppliers are drawn."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks.fields import PickField, ProseField, WholeField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.awards import admission_selectors, invitee_acts, invitee_selectors
from yiwang.modules.evidence.actors import Actor
from yiwang.ui.forms import UiForm


class ListForm(UiForm, forms.Form):
    """How the list comes about, whom it holds, how many are drawn, who watches."""

    number = WholeField(label=Text("抽取几家", "How many are drawn"), least=1, most=99, initial=3)
    watchers = ProseField(
        rows=3,
        label=Text("在场监督的采购人工作人员（每行一人）", "The purchaser's staff who watch (one a line)"),
        help_text=Text("不少于两人；姓名不公开。", "Two at least; their names are not public."),
    )


def make_form(*args: Any, actor: Actor, tender: Any) -> ListForm:
    """After a prequalification its list is the list; else the way, the candidates and what must be written about them."""
    form = ListForm(*args)
    ways = invitee_selectors.ways_for(tender)
    own = {"way": PickField(label=Text("名单的产生方式", "How the list comes about"), radio=True, initial=next(iter(ways)),
                            choices=[(code, way.name) for code, way in ways.items()])}  # fmt: skip
    if not tender.stage_of_id:
        own |= {
            "ground": ProseField(
                rows=3, label=Text("供应商库和选取条件，或者推荐理由和文号", "Which pool and conditions, or why recommended and by which writing")
            ),
            "candidates": ProseField(
                rows=8, most=4000, label=Text("备选供应商的统一社会信用代码（每行一个）", "Credit codes of the candidates (one a line)"),
                help_text=Text("不少于拟抽取数的两倍；名单自开标起公开。", "Twice as many at least as are drawn; public from the opening."),
            ),
        }  # fmt: skip
    form.fields = {**own, **form.fields}
    return form


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Fix it."""
    return invitee_acts.make_list(
        actor=actor, tender=number, way=data["way"], number=data["number"], ground=data.get("ground", ""),
        candidates=[code for code in re.split(r"[\s,，;；、]+", data.get("candidates", "")) if code],
        watchers=[name for name in re.split(r"[\n,，;；、]+", data["watchers"]) if name.strip()], **extra,
    )  # fmt: skip


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """Whom the prequalification admitted, where there was one."""
    found = admission_selectors.admission(request.actor, tender.stage_of) if tender.stage_of_id else None  # type: ignore[attr-defined]
    return {"listed": [(row["tenderer"], row["name"]) for row in found.admitted] if found is not None else []}


register(
    Screen(
        "invitees.list",
        perform,
        make_form=make_form,
        preview="desks/buyer/invitees_listed.html",
        context=context,
        intro=Text(
            "名单确定后不能更改；随后采购人和交易中心各交一个随机数，公开抽出受邀供应商。谁也不能挑选。",
            "Once fixed the list cannot be changed. Then purchaser and center give a random share each, and the draw finds whom to invite; "
            "nobody picks.",
        ),
    )
)
