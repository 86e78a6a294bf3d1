"""Screen: propose to correct a price that contradicts itself; the rules of law give the corrected price."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from yiwang.desks import price_changes_shown as shown
from yiwang.desks.fields import LineField, PickField, ProseField, WholeField, YuanField
from yiwang.desks.screens import Screen, register
from yiwang.kernel import corrections
from yiwang.kernel.errors import BadInput
from yiwang.kernel.money import fen_of
from yiwang.kernel.text import Text
from yiwang.modules.evaluations import change_acts, price_acts, selectors
from yiwang.modules.evidence.actors import Actor
from yiwang.ui.forms import ReasonError, UiForm


class ListField(ProseField):
    """The detailed list, one line each: name, unit price, quantity, total; or name and total. Cleaned to its JSON form."""

    def clean(self, value: Any) -> Any:
        """The lines in their order."""
        return [_line(text.strip()) for text in str(super().clean(value) or "").splitlines() if text.strip()]


def _line(text: str) -> dict[str, Any]:
    words = text.replace("\u3000", " ").replace("\t", " ").split()
    numbers = [_number(word) for word in words[-3:]]
    try:
        if len(words) >= 4 and None not in numbers:
            return {
                "name": " ".join(words[:-3]),
                "unit": str(numbers[0]),
                "quantity": str(numbers[1]),
                "total": fen_of(words[-1]),
            }
        if len(words) >= 2:
            return {"name": " ".join(words[:-1]), "total": fen_of(words[-1])}
    except BadInput as error:
        raise ReasonError(error.reasons[0]) from None
    raise ValidationError(Text(f"“{text}”：应为名称、单价、数量、合计，用空格分开；没有单价的只写名称和合计",
                               f"“{text}”: name, unit price, quantity, total, apart by blanks; without a unit price name and total"))  # fmt: skip


def _number(word: str) -> Decimal | None:
    try:
        number = Decimal(word.replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


class CorrectForm(UiForm, forms.Form):
    """Whose bid, the figures as the bid has them, where they stand, how long the tenderer has to confirm."""

    def __init__(self, *args: Any, tender: Any) -> None:
        super().__init__(*args)
        order = selectors.correction_order(tender)
        self.fields = {
            "bid": PickField(label=Text("投标（开标一览表的小写报价）", "Bid (price in figures on the opening sheet)"), radio=True,
                             choices=shown.bid_choices(tender, words=True)),
            "words": LineField(required=False, label=Text("投标文件中的大写金额", "Price in words in the bid"),
                               help_text=Text("与小写一致的不必填写", "leave empty where it agrees with the figures")),
            "detail": YuanField(required=False, label=Text("明细表写明的合计（元）", "Total that the detailed list states (yuan)")),
            "lines": ListField(required=False, rows=5, most=50_000, label=Text("明细", "The detailed list"),
                               help_text=Text("每行一项：名称 单价 数量 合计（元，用空格分开）。没有差错的各项可以合并成一行，只写名称和合计。",
                                              "One a line: name, unit price, quantity, total (yuan, apart by blanks). Lines without a fault "
                                              "may be put together as one, with name and total alone.")),
            "reason": ProseField(rows=3, most=price_acts.LONGEST, label=Text("所在位置和说明", "Where in the bid, and what is wrong"),
                                 help_text=Text("例如：投标函第2页与报价表第1页", "such as: letter of bid p. 2, price list p. 1")),
            "minutes": WholeField(label=Text("确认时间（分钟）", "Time to confirm (minutes)"), least=order.minutes,
                                  most=order.most_minutes, initial=order.minutes),
        }  # fmt: skip


def make_form(*args: Any, actor: Actor, tender: Any) -> CorrectForm:
    """The form for a tender."""
    return CorrectForm(*args[:1], tender=tender)


def check(actor: Actor, tender: Any, data: dict[str, Any]) -> None:
    """The figures contradict each other and come to a price."""
    _corrected(tender, data)


def _corrected(tender: Any, data: dict[str, Any]) -> tuple[Text, ...]:
    bid = next(each for each in selectors.opened(tender) if each.chain == data["bid"])
    figures = shown.figures_of(data)
    corrections.read_figures(figures)
    return shown.corrected({"order": selectors.correction_order(tender).id, "figures": figures}, bid.price)


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Propose."""
    given = {
        "bid": data["bid"],
        "figures": shown.figures_of(data),
        "reason": data["reason"],
        "minutes": data["minutes"],
    }
    return change_acts.correct(actor=actor, tender=number, **given, **extra)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """The rules in their order, and what was proposed so far."""
    actor = request.actor  # type: ignore[attr-defined]
    return {"rules": shown.order_text(selectors.correction_order(tender)), "changes": shown.shown(actor, tender)}


def reviewed(request: HttpRequest, tender: Any, data: dict[str, Any]) -> dict[str, Any]:
    """The correction that the figures come to."""
    return {"result": _corrected(tender, data)}


register(
    Screen(
        "evaluation.correct_price",
        perform,
        make_form=make_form,
        preview="desks/evaluator/price_changes.html",
        context=context,
        check=check,
        confirm=True,
        reviewed=reviewed,
        intro=Text(
            "照投标文件填写互相矛盾的数字，修正后的报价由法定规则得出，不由人定。过半数评委同意后，请投标人书面确认；不确认或者逾期不答复的，投标无效。",
            "Write down the figures that contradict each other as the bid has them; the rules of law give the corrected price, not "
            "a person. Once more than half agree, the tenderer is asked to confirm in writing; if it does not, its bid is invalid.",
        ),
    )
)
