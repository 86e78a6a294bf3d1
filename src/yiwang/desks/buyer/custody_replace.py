"""Replace one custodian who has given no key, before the notice is published."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import PickField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import acts
from yiwang.modules.openings import selectors as openings
from yiwang.modules.parties import selectors as parties
from yiwang.ui.forms import UiForm


class ReplaceForm(UiForm, forms.Form):
    """Which seat, by whom, with which deputy."""

    position = PickField(label=Text("更换哪一位", "Whom to replace"), choices=(), radio=True)
    custodian = PickField(label=Text("新的保管人", "New custodian"), choices=())
    deputy = PickField(label=Text("替补（同一单位）", "Deputy of the same body"), choices=(), required=False)


def make_form(*args: Any, actor: Actor, tender: Any) -> ReplaceForm:
    """The form with the seats that have no key and the people who have no part yet."""
    form = ReplaceForm(*args[:1])
    seats = list(openings.custodians(tender))
    taken = {pk for each in seats for pk in (each.person_id, each.deputy_id)}
    everybody = [each for each in parties.people_with_duty("custodian") if each.organisation is not None]
    people = [(each.username, f"{each.name}（{each.organisation}）") for each in everybody]
    free = [(each.username, f"{each.name}（{each.organisation}）") for each in everybody if each.pk not in taken]
    open_seats = [(str(each.position), _seat(each)) for each in seats if not each.recipient]
    nobody = ("", Text("不设替补", "no deputy"))
    choices = {"position": open_seats, "custodian": free, "deputy": [nobody, *people]}
    for name, found in choices.items():
        form.fields[name].choices = found  # type: ignore[attr-defined]
    return form


def _seat(custodian: Any) -> Text:
    person, body = custodian.person.name, custodian.person.organisation
    why = custodian.refusal[:40]
    return Text(f"{custodian.position + 1}. {person}（{body}）{'：' + why if why else ''}",
                f"{custodian.position + 1}. {person} ({body}){': ' + why if why else ''}")  # fmt: skip


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Replace."""
    return acts.replace_custodian(actor=actor, tender=number, position=int(data["position"]), custodian=data["custodian"],
                                  deputy=data["deputy"], **extra)  # fmt: skip


register(
    Screen(
        "custody.replace",
        perform,
        make_form=make_form,
        intro=Text(
            "只能更换还没有提供公钥的保管人；其他人已提供的公钥不受影响。",
            "Only a custodian who has given no key is replaced; the keys of the others stay.",
        ),
    )
)
