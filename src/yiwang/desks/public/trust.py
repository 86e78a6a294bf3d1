"""How far people trust the center: their marks by role, the trend of objections, and how often results are checked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yiwang.desks.access import actor_of, signed_in
from yiwang.desks.fields import PickField
from yiwang.desks.wording import capital
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import ROLES, Actor
from yiwang.modules.outreach import selectors, services
from yiwang.modules.outreach.survey_law import survey
from yiwang.modules.remedies import selectors as remedies
from yiwang.ui.forms import UiForm, add_reasons
from yiwang.ui.shapes import Link
from yiwang.ui.tables import Column, Table, table_of

_TITLE = Text("信任度", "Trust")


def trust(request: HttpRequest) -> HttpResponse:
    """Show the three tables."""
    context = {
        "survey": survey(),
        "tables": [_marks(request), _objections(request), _checks(request)],
        "may_answer": actor_of(request).known,
        "breadcrumbs": [Link(_TITLE)],
    }
    return render(request, "desks/public/trust.html", context)


def _marks(request: HttpRequest) -> Table:
    asked = survey()
    few = Text(f"少于 {asked.fewest} 份", f"fewer than {asked.fewest}")
    columns = [
        Column("period", Text("周期起于", "Period from"), head=True),
        Column("role", Text("身份", "Part"), value=lambda row: str(capital(ROLES[row.role].name))),
        Column("answers", Text("答卷", "Answers"), "number", value=lambda row: row.answers or str(few)),
        *(Column(key, says, "number", value=_mark_of(key)) for key, says in asked.questions.items()),
    ]
    empty = Text("还没有人作答。", "Nobody has answered yet.")
    caption = Text(f"各方打分（{asked.scale} 分最好）", f"Marks by part ({asked.scale} is best)")
    return table_of(request, caption, columns, selectors.marks_by_role(), empty=empty, per_page=200)


def _mark_of(question: str) -> Callable[[Any], str]:
    def mark(row: Any) -> str:
        mean = row.means[question]
        return "—" if mean is None else str(mean)

    return mark


def _objections(request: HttpRequest) -> Table:
    columns = [
        Column("month", Text("月份", "Month"), head=True),
        Column("answered", Text("答复的异议", "Objections answered"), "number"),
        Column("upheld", Text("其中成立", "of these upheld"), "number"),
    ]
    empty = Text("还没有答复过的异议。", "No objection has been answered yet.")
    return table_of(request, Text("异议的趋势", "Trend of objections"), columns, remedies.answered_by_month(), empty=empty, per_page=200)


def _checks(request: HttpRequest) -> Table:
    columns = [
        Column("month", Text("月份", "Month"), head=True),
        *(Column(what, words, "number") for what, words in services.CHECKS.items()),
    ]
    none = dict.fromkeys(services.CHECKS, 0)
    rows = [{"month": month, **none, **counts} for month, counts in sorted(selectors.checks_by_month().items(), reverse=True)]
    empty = Text("还没有人取过核验材料。", "Nobody has fetched anything to check with yet.")
    return table_of(request, Text("核验的次数", "How often results are checked"), columns, rows, empty=empty, per_page=200)


class OpinionForm(UiForm, forms.Form):
    """One mark for each question, and as whom one answers where that is not given."""

    role = PickField(choices=(), label=Text("您以什么身份参与交易", "Your part in the trading"))

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        asked, roles = survey(), selectors.roles_for(actor)
        self.fields["role"].choices = [(code, capital(ROLES[code].name)) for code in roles]  # type: ignore[attr-defined]
        words = [(str(mark), _words(mark, asked.scale)) for mark in range(asked.scale, 0, -1)]
        for key, says in asked.questions.items():
            self.fields[key] = PickField(choices=words, radio=True, label=says)

    def marks(self) -> dict[str, int]:
        """The marks as numbers."""
        return {key: int(value) for key, value in self.cleaned_data.items() if key != "role"}


def _words(mark: int, scale: int) -> Text:
    ends = {scale: Text("，完全同意", ", fully agree"), 1: Text("，完全不同意", ", do not agree at all")}
    more = ends.get(mark, Text("", ""))
    return Text(f"{mark} 分{more.zh}", f"{mark}{more.en}")


@signed_in
def answer(request: HttpRequest) -> HttpResponse:
    """Answer the survey, or answer it anew."""
    actor = actor_of(request)
    if request.method == "POST":
        form = OpinionForm(request.POST, actor=actor)
        if form.is_valid():
            try:
                services.give_opinion(actor=actor, role=form.cleaned_data["role"], marks=form.marks())
            except YiwangError as error:
                add_reasons(form, error)
            else:
                messages.success(request, str(Text("谢谢，已收到您的答卷", "Thank you, your answer has been taken")))
                return redirect("public:trust")
    else:
        earlier = services.answered(actor)
        form = OpinionForm(actor=actor, initial={"role": earlier.role, **earlier.marks} if earlier else {})
    context = {"form": form, "survey": survey(), "breadcrumbs": [Link(_TITLE, reverse("public:trust")), Link(Text("作答", "Answer"))]}
    return render(request, "desks/public/trust_answer.html", context, status=422 if form.is_bound else 200)
