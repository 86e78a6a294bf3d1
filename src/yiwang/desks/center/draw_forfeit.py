"""Put on record that a side of a draw has not revealed its share in time: one screen each for all draws and sides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from yiwang.desks import wording
from yiwang.desks.fields import LineField, PickField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evaluations import separate_acts, separate_rules
from yiwang.modules.evidence import drawing
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.experts import acts as experts
from yiwang.modules.experts import rules as expert_rules
from yiwang.modules.openings import coefficient_acts, coefficient_rules
from yiwang.ui.forms import UiForm

Shares = Callable[[Any], dict[str, Any]]

_INTRO = Text(
    "期限内没有公开随机数的一方由此登记在案，立即告知监督部门并公开。它的随机数按规则计为零，抽取继续进行，不重新承诺，也不重抽；"
    "此前没有出示过任何一方的随机数，谁也不能先看结果再决定公不公开。",
    "This puts on record which side did not reveal in time; the supervisor is told at once, and it is public. Its share counts as zeros "
    "by rule and the draw goes on: no new commitments, no second draw. Nobody has been shown any share yet, so nobody could look at "
    "the result before deciding.",
)
_HALL = Text(
    _INTRO.zh + "招标方没有公开的，由监督部门登记，并由监督部门的随机数代替，否则只剩交易中心一方。",
    _INTRO.en + " If it is the host, the supervisor records it and gives a share in its place; else the center's alone would remain.",
)


class ForfeitForm(UiForm, forms.Form):
    """Which side; the choices are the sides whose turn it is."""

    party = PickField(label=Text("逾期未公开的一方", "Side that has not revealed"), choices=(), radio=True)


class HallForm(ForfeitForm):
    """In the hall the supervisor gives a share in the place of the host's."""

    share = LineField(
        label=Text("代替的随机数（64 位十六进制）", "Share in its place (64 hex digits)"),
        required=False,
        most=64,
        help_text=Text(
            "招标方没有公开时填写；由本页在您的设备上生成，也可以粘贴。", "When it is the host that did not reveal; made on your device, or pasted."
        ),
    )


def _form(kind: type[ForfeitForm], shares: Shares) -> Callable[..., forms.BaseForm]:
    def make(*args: Any, tender: Any, actor: Actor) -> forms.BaseForm:
        form = kind(*args)
        own = drawing.party_of(tender, actor)
        due = [party for party in drawing.turn(shares(tender)) if party != own]
        form.fields["party"].choices = [(party, wording.SIDES[party]) for party in due]  # type: ignore[attr-defined]
        form.fields["party"].initial = due[0] if due else None
        if "share" in form.fields and actor.duty != "supervisor":
            del form.fields["share"]
        return form

    return make


def _perform(do: Callable[..., Any]) -> Callable[[Actor, str, dict[str, Any], dict[str, Any]], Any]:
    def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
        given = {"share": data["share"].lower()} if data.get("share") else {}
        return do(actor=actor, tender=number, party=data["party"], **given, **extra)

    return perform


_DRAWS: dict[str, tuple[Callable[..., Any], type[ForfeitForm], Shares, Text]] = {
    "draw.forfeit": (experts.forfeit, ForfeitForm, expert_rules.shares_of, _INTRO),
    "coefficient.forfeit": (coefficient_acts.forfeit, HallForm, coefficient_rules.shares_of, _HALL),
    "award.forfeit_lots": (separate_acts.forfeit_lots, ForfeitForm, separate_rules.shares_of, _INTRO),
}
for _act, (_do, _kind, _shares, _intro) in _DRAWS.items():
    register(
        Screen(_act, _perform(_do), make_form=_form(_kind, _shares), intro=_intro, template="desks/center/draw_forfeit.html")
    )
