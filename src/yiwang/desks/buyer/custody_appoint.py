"""Appoint the custodians whose keys together open the bids, with their deputies."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import MomentField, PickManyField, WholeField
from yiwang.desks.screens import Screen, register
from yiwang.kernel import moment
from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import acts
from yiwang.modules.openings import selectors as openings
from yiwang.modules.openings.custody_law import custody_law
from yiwang.modules.parties import selectors as parties
from yiwang.ui.forms import UiForm


class CustodyForm(UiForm, forms.Form):
    """Who keeps a key, who stands in, how many of them open, until when the keys are wanted."""

    custodians = PickManyField(label=Text("密钥保管人", "Custodians"), choices=())
    deputies = PickManyField(label=Text("替补", "Deputies"), choices=(), required=False)
    threshold = WholeField(
        label=Text("开标须几位保管人公布密钥", "Custodians needed to open"),
        help_text=Text(
            "例如 5 位中任意 3 位：缺席两位不误开标，两位串通也打不开。",
            "E.g. any 3 of 5: two may be absent, and two in collusion open nothing.",
        ),
        least=2,
        most=9,
    )
    keys_by = MomentField(
        label=Text("计划发布公告的时间", "Planned publication of the notice"),
        help_text=Text("保管人在此之前提供公钥；快到时仍没有提供的，替补可以代办。",
                       "Custodians give their keys before it; shortly before, a deputy may do it instead."),
    )  # fmt: skip


def make_form(*args: Any, actor: Actor, tender: Any) -> CustodyForm:
    """The form with the register of custodians; proposed are as many of different bodies as the rule says is usual."""
    law, appointed = custody_law(), list(openings.custodians(tender))
    until = appointed[0].keys_by if appointed else None
    people = [each for each in parties.people_with_duty("custodian") if each.organisation is not None]
    proposed, spare = _proposed(people, law.usual)
    initial = {
        "custodians": [each.person.username for each in appointed] or proposed,
        "deputies": [each.deputy.username for each in appointed if each.deputy] if appointed else spare,
        "threshold": tender.custody_threshold if appointed else law.needed,
        "keys_by": until or moment.now() + law.keys_within,
    }
    form = CustodyForm(*args, initial=initial)
    for name in ("custodians", "deputies"):
        form.fields[name].choices = [(each.username, f"{each.name}（{each.organisation}）") for each in people]  # type: ignore[attr-defined]
    form.fields["custodians"].help_text = Text(  # type: ignore[assignment]
        f"一般 {law.usual} 位、来自 {law.bodies_usual} 个不同单位；至少 {law.bodies_least} 个单位，最多 {law.most} 位，不能是招标方的人。",
        f"Usually {law.usual} of {law.bodies_usual} different bodies; at least {law.bodies_least} bodies, at most {law.most} people, none of "
        "the buying side.",
    )
    form.fields["deputies"].help_text = Text(  # type: ignore[assignment]
        f"与保管人同一单位。{law.deputies.says.zh}", f"Of the same body as a custodian. {law.deputies.says.en}")  # fmt: skip
    return form


def _proposed(people: list[Any], usual: int) -> tuple[list[str], list[str]]:
    """One of each body, then others until there are as many as usual; and of each of their bodies one more as deputy."""
    firsts = list({each.organisation_id: each for each in reversed(people)}.values())[::-1]
    chosen = firsts[:usual]
    chosen += [each for each in people if each not in chosen][: usual - len(chosen)]
    spare: dict[int, str] = {}
    for each in people:
        if each not in chosen and each.organisation_id in {one.organisation_id for one in chosen}:
            spare.setdefault(each.organisation_id, each.username)
    return [each.username for each in chosen], list(spare.values())


def pairs(custodians: list[str], deputies: list[str]) -> dict[str, str]:
    """Each deputy with a custodian of the same body who has none yet. BadInput when there is no such custodian."""
    bodies = {name: getattr(parties.person_named(name), "organisation_id", None) for name in (*custodians, *deputies)}
    found: dict[str, str] = {}
    for deputy in deputies:
        free = [name for name in custodians if bodies[name] == bodies[deputy] and name not in found and name != deputy]
        if not free or deputy in custodians:
            raise bad("deputies", f"“{deputy}”没有同一单位的保管人可以替补", f"“{deputy}” has no custodian of the same body to stand in for",
                      passes=Text("选择与某位保管人同一单位、自己不是保管人的人", "somebody of a custodian's body who is no custodian"))  # fmt: skip
        found[free[0]] = deputy
    return found


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Appoint."""
    return acts.appoint_custodians(
        actor=actor, tender=number, custodians=data["custodians"], threshold=data["threshold"],
        deputies=pairs(data["custodians"], data["deputies"]), keys_by=data["keys_by"], **extra,
    )  # fmt: skip


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
