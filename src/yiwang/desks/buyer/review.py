"""What the reviewer finds in a tender, each finding beside its sentence: change it, or give the reason."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.desks import tender_parts
from yiwang.desks.access import actor_of, signed_in
from yiwang.desks.frame import desk
from yiwang.kernel import moment, review_book
from yiwang.kernel.errors import NotVisible
from yiwang.kernel.text import Text
from yiwang.modules.evidence import permits, registry
from yiwang.modules.reviews import selectors
from yiwang.modules.tenders import selectors as tenders
from yiwang.ui.shapes import Tag

TITLE = Text("发布前审查", "Review before publication")
TAGS = {
    "block": Tag(Text("必须修改", "must be changed"), "bad"),
    "warn": Tag(Text("修改或者说明理由", "change it or say why"), "wait"),
    "note": Tag(Text("请补全", "to be completed"), "neutral"),
}
JUSTIFIED = Tag(Text("已说明理由", "a reason is given"), "good")


@signed_in
def page(request: HttpRequest, number: str) -> HttpResponse:
    """Show the findings to the host, the center and the supervisor."""
    actor = actor_of(request)
    tender = tenders.tender(actor, number)
    if not tender_parts.runs_or_watches(actor, tender):
        raise NotVisible
    judged = selectors.judged(tender, moment.now())
    form = selectors.form_of(tender)
    context = {
        **desk(request, current="desk:tenders", crumbs=((tender.title, reverse("desk:tender", args=[number])), (TITLE, ""))),
        "title": TITLE,
        "tender": tender,
        "rows": [row(each) for each in judged],
        "open": sum(each.open for each in judged),
        "may_change": bool(permits.may(registry.row_of("draft.revise"), actor, tender, moment.now())),
        "form": form,
        "form_rows": form_rows(form),
        "form_current": form is not None and selectors.is_current(tender, form),
    }
    return render(request, "desks/buyer/review.html", context)


def row(each: selectors.Judged) -> dict[str, Any]:
    """One finding as the page shows it."""
    done = each.finding.severity == "warn" and each.reason
    return {"finding": each.finding, "reason": each.reason, "tag": JUSTIFIED if done else TAGS[each.finding.severity],
            "waits": each.open and each.finding.severity == "warn"}  # fmt: skip


def form_rows(form: Any) -> list[dict[str, Any]]:
    """The form's questions with what was answered; none when it was not signed off."""
    if form is None:
        return []
    words = {True: Text("是", "yes"), False: Text("否", "no")}
    return [
        {"says": each.says, "article": each.article, "answer": words[form.answers[each.key]["holds"]],
         "reason": form.answers[each.key]["reason"]}
        for each in review_book.book().form.questions
        if each.key in form.answers
    ]  # fmt: skip
