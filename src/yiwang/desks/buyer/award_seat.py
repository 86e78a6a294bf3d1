"""Screen: seat the award committee (定标委员会) and say how it votes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks.fields import PickField, ProseField, WholeField
from yiwang.desks.screens import Screen, register
from yiwang.kernel import ballots
from yiwang.kernel.text import Text
from yiwang.modules.evaluations import separate_acts
from yiwang.modules.evidence.actors import Actor
from yiwang.ui.forms import UiForm


class SeatForm(UiForm, forms.Form):
    """Members, method, ties, rounds."""

    members = ProseField(
        rows=5,
        label=Text("成员用户名（每行一个，第一行为负责人）", "User names of the members (one a line, the head first)"),
        help_text=Text(
            "招标人的人员，不少于五人的单数；评标委员会成员不得参加",
            "people of the buyer, an odd number of five at least; nobody who evaluated",
        ),
    )
    method = PickField(label=Text("定标方法", "How it votes"), choices=ballots.METHODS.items(), radio=True, initial="absolute")
    tie = PickField(label=Text("票数相同时", "Equal votes"), choices=ballots.TIES.items(), radio=True, initial="price")
    rounds = WholeField(label=Text("最多几轮", "Rounds at most"), least=1, most=ballots.MOST_ROUNDS, initial=3)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """Who may be named."""
    return {"people": tender.buyer.people.filter(is_active=True, duty="").order_by("username")}


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Seat it."""
    members = [line.strip() for line in data["members"].splitlines() if line.strip()]
    return separate_acts.seat(
        actor=actor, tender=number, members=members, method=data["method"], tie=data["tie"], rounds=data["rounds"], **extra
    )


register(
    Screen(
        "award.seat",
        perform,
        form=SeatForm,
        template="desks/buyer/award_seat.html",
        context=context,
        intro=Text(
            "定标办法应与招标文件一致，组成后不能更改。名单在定标前保密。",
            "The rule is that of the documents and cannot be changed afterwards. The names are secret until the award.",
        ),
    )
)
