"""Appoint the custodians whose keys together open the bids."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import PickManyField, WholeField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import acts
from yiwang.modules.openings import selectors as openings
from yiwang.modules.parties import selectors as parties
from yiwang.ui.forms import UiForm


class CustodyForm(UiForm, forms.Form):
    """Who keeps a key, and how many of them open."""

    threshold = WholeField(
        label=Text("开标须几位保管人公布密钥", "Custodians needed to open"),
        help_text=Text(
            "例如 5 位中任意 3 位：缺席两位不误开标，两位串通也打不开。",
            "E.g. any 3 of 5: two may be absent, and two in collusion open nothing.",
        ),
        least=2,
        most=9,
    )


def make_form(*args: Any, actor: Actor, tender: Any) -> CustodyForm:
    """The form with the register of custodians."""
    form = CustodyForm(*args, initial={"threshold": tender.custody_threshold})
    people = parties.people_with_duty("custodian").filter(organisation__isnull=False)
    choices = [(each.username, f"{each.name}（{each.organisation}）") for each in people]
    chosen = [each.person.username for each in openings.custodians(tender)] or [name for name, _ in choices[:5]]
    field = PickManyField(
        label=Text("密钥保管人", "Custodians"),
        choices=choices,
        initial=chosen,
        help_text=Text(
            "至少来自两个单位，最多 9 位，不能是招标方的人。",
            "From at least two bodies, at most 9, none of the buying side.",
        ),
    )
    form.fields = {"custodians": field, **form.fields}
    return form


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Appoint."""
    return acts.appoint_custodians(
        actor=actor, tender=number, custodians=data["custodians"], threshold=data["threshold"], **extra
    )


register(
    Screen(
        "custody.appoint",
        perform,
        make_form=make_form,
        intro=Text(
            "每位保管人在自己的电脑上生成一把只用一次的密钥，投标用这些公钥密封。截止之前，平台和任何单个人都看不到投标内容。",
            "Each custodian makes a one-time key; bids are sealed to these keys. "
            "Before closing neither the platform nor any single person can read a bid.",
        ),
    )
)
