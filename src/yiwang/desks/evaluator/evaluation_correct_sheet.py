"""Screen: correct objective scores that differ between members; all else stays as it was handed in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks.fields import DecimalTextField, ProseField
from yiwang.desks.screens import Screen, Statement, register
from yiwang.kernel import formulas
from yiwang.kernel.text import Text
from yiwang.modules.evaluations import acts, selectors
from yiwang.modules.evaluations.rules import contents, scores_of
from yiwang.modules.evidence.actors import Actor
from yiwang.ui.forms import UiForm


class CorrectForm(UiForm, forms.Form):
    """The own objective scores, and why they change."""

    def __init__(self, *args: Any, actor: Actor, tender: Any) -> None:
        super().__init__(*args)
        own = selectors.own_sheet(actor, tender)
        self.sheet: dict[str, Any] = own.standing if own else {"scores": {}}
        names = {bid.chain: bid.party for bid in selectors.opened(tender)}
        self.places: dict[str, tuple[str, str]] = {}
        for bid, scores in self.sheet["scores"].items():
            for row in tender.formula.get("criteria") or ():
                if not row.get("objective"):
                    continue
                name, who, what = f"s{len(self.places)}", names[bid], row.get("name") or {"zh": row["key"], "en": row["key"]}
                self.places[name] = (bid, row["key"])
                self.fields[name] = DecimalTextField(
                    label=Text(f"{who.zh}：{what['zh']}", f"{who.en}: {what['en']}"),
                    help_text=Text(f"0 至 {row['most']} 分", f"0 to {row['most']}"), initial=scores[row["key"]],
                )  # fmt: skip
        self.fields["reason"] = ProseField(rows=3, label=Text("更正原因", "Why it is corrected"))

    def clean(self) -> dict[str, Any]:
        """The whole sheet with the corrected scores."""
        data = super().clean() or self.cleaned_data
        scores = {bid: dict(row) for bid, row in self.sheet["scores"].items()}
        for name, (bid, key) in self.places.items():
            if data.get(name) is not None:
                scores[bid][key] = str(data[name])
        data["sheet"] = {**self.sheet, "scores": scores}
        return data


def make_form(*args: Any, actor: Actor, tender: Any) -> CorrectForm:
    """The form for a tender and member."""
    return CorrectForm(*args[:1], actor=actor, tender=tender)


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Correct."""
    return acts.correct_sheet(actor=actor, tender=number, sheet=data["sheet"], reason=data["reason"], **extra)


def statement(actor: Actor, tender: Any, data: dict[str, Any]) -> Statement:
    """What is signed: the corrected sheet by its hash."""
    return "score-sheet", acts.sheet_statement(tender.number, data["sheet"])


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """Which scores differ, without saying whose they are."""
    given = contents(tender) or []
    names = {bid.chain: bid.party for bid in selectors.opened(tender)}
    found = formulas.check_objective(tender.formula, [scores_of(sheet) for sheet in given]).reasons
    return {"differences": formulas_named([reason.message for reason in found], names)}


def formulas_named(lines: list[Text], names: dict[str, Text]) -> list[Text]:
    """The lines with firms in the place of bids."""
    found = []
    for line in lines:
        zh, en = line.zh, line.en
        for bid, name in names.items():
            zh, en = zh.replace(bid, name.zh), en.replace(bid, name.en)
        found.append(Text(zh, en))
    return found


register(
    Screen(
        "evaluation.correct_sheet",
        perform,
        make_form=make_form,
        statement=statement,
        preview="desks/evaluator/differences.html",
        context=context,
        intro=Text(
            "客观项的评分全体评委应当一致，不一致不能形成评标报告。核对后只更正自己评错的，原评分表和更正都留存。",
            "Objective scores must be the same with all members; until they are there is no report. Correct only what you got "
            "wrong; the sheet as it was and the correction are both kept.",
        ),
    )
)
