"""Screen: propose to price a bid's small deviations by the standards that the tender document publishes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks import price_changes_shown as shown
from yiwang.desks.fields import DecimalTextField, PickField, ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evaluations import change_acts, price_acts, selectors
from yiwang.modules.evidence.actors import Actor
from yiwang.ui.forms import UiForm

PREFIX = "d-"


class QuantifyForm(UiForm, forms.Form):
    """Whose bid, how many units of each published deviation, and where the bid says so."""

    def __init__(self, *args: Any, tender: Any) -> None:
        super().__init__(*args)
        self.fields = {"bid": PickField(label=Text("投标", "Bid"), radio=True, choices=shown.bid_choices(tender))}
        for row in tender.formula.get("deviations") or ():
            name, unit = row["name"], row["unit"]
            rate = shown.rate(row)
            self.fields[PREFIX + row["key"]] = DecimalTextField(
                required=False,
                label=Text(f"{name['zh']}（{unit['zh']}）", f"{name['en']} ({unit['en']})"),
                help_text=Text(
                    f"每{unit['zh']}加 {rate.zh}，最多 {row['most']} {unit['zh']}；超过的属于重大偏差，应当否决。没有偏差的不填。",
                    f"{rate.en} for each of the {unit['en']}, at most {row['most']}; more is a material deviation, to be rejected. "
                    "Leave empty where there is none.",
                ),
            )
        self.fields["reason"] = ProseField(
            rows=3, most=price_acts.LONGEST, label=Text("所在位置和理由", "Where in the bid, and why"),
            help_text=Text("例如：投标函附录承诺工期比要求多30日", "such as: the appendix promises completion 30 days late"),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The units by key."""
        data = super().clean() or self.cleaned_data
        data["quantities"] = {
            name.removeprefix(PREFIX): value for name, value in data.items() if name.startswith(PREFIX) and value
        }
        return data


def make_form(*args: Any, actor: Actor, tender: Any) -> QuantifyForm:
    """The form for a tender."""
    return QuantifyForm(*args[:1], tender=tender)


def check(actor: Actor, tender: Any, data: dict[str, Any]) -> None:
    """The units are within the published bounds."""
    _priced(actor, tender, data)


def _priced(actor: Actor, tender: Any, data: dict[str, Any]) -> tuple[Text, ...]:
    bid = next(each for each in selectors.opened(tender) if each.chain == data["bid"])
    return shown.priced(tender, actor, data["quantities"], bid)


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Propose."""
    given = {"bid": data["bid"], "quantities": data["quantities"], "reason": data["reason"]}
    return change_acts.quantify(actor=actor, tender=number, **given, **extra)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """What was proposed so far."""
    return {"changes": shown.shown(request.actor, tender)}  # type: ignore[attr-defined]


def reviewed(request: HttpRequest, tender: Any, data: dict[str, Any]) -> dict[str, Any]:
    """The arithmetic."""
    return {"result": _priced(request.actor, tender, data)}  # type: ignore[attr-defined]


register(
    Screen(
        "evaluation.quantify",
        perform,
        make_form=make_form,
        preview="desks/evaluator/price_changes.html",
        context=context,
        check=check,
        confirm=True,
        reviewed=reviewed,
        intro=Text(
            "细微偏差按招标文件公布的标准折算成金额，加到评审价上，只用于排序。过半数评委同意后采用。",
            "Small deviations are priced by the published standards and added to the price for evaluation, for ranking alone. They "
            "count once more than half agree.",
        ),
    )
)
