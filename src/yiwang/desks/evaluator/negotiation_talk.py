"""Screen: the group records its talk with one supplier."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import PickField, PickManyField, ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.experts import selectors as experts
from yiwang.modules.negotiations import acts
from yiwang.modules.negotiations import selectors as negotiations
from yiwang.ui.forms import UiForm


class TalkForm(UiForm, forms.Form):
    """What was said."""

    record = ProseField(
        rows=8,
        label=Text("谈判情况", "What was talked about"),
        help_text=Text("写明谈到的需求、供应商的答复和承诺。只有小组、采购人和这家供应商能看到。",
                       "Needs, answers and promises. Read by the group, the purchaser and this supplier only."),
    )  # fmt: skip


def make_form(*args: Any, actor: Actor, tender: Any) -> TalkForm:
    """The form with the suppliers and the members of the group."""
    form = TalkForm(*args)
    done: dict[Any, int] = {}
    for each in negotiations.talks(actor, tender):
        done[each.bid_id] = done.get(each.bid_id, 0) + 1
    suppliers = [(bid.chain, _line(bid, done.get(bid.pk, 0))) for bid in negotiations.suppliers(tender)]
    seats = [(str(seat.number), Text(f"小组成员 {seat.number}", f"member {seat.number}")) for seat in experts.committee(tender)]
    form.fields = {
        "bid": PickField(label=Text("供应商", "Supplier"), choices=suppliers, radio=True),
        "present": PickManyField(
            label=Text("参加谈判的小组成员", "Members present"), choices=seats, initial=[number for number, _ in seats],
            help_text=Text("小组所有成员应当集中与每一家供应商分别谈判", "all members talk together with each supplier separately"),
        ),
        **form.fields,
    }  # fmt: skip
    return form


def _line(bid: Any, rounds: int) -> Text:
    return Text(f"{bid.party.zh}（已谈判 {rounds} 次）", f"{bid.party.en} (talks so far: {rounds})")


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Record it."""
    present = [int(seat) for seat in data["present"]]
    return acts.talk(actor=actor, tender=number, bid=data["bid"], record=data["record"], present=present, **extra)


register(
    Screen(
        "negotiation.talk",
        perform,
        make_form=make_form,
        intro=Text(
            "谈判的任何一方不得透露其他供应商的技术资料、价格和其他信息。可以与同一家供应商谈判多次。",
            "Nobody may tell what another supplier offered. There may be several talks with one supplier.",
        ),
    )
)
