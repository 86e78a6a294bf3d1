"""Publish the notice: the lawful dates are proposed with their count, the notice is shown before it goes out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks import counts, tender_parts, tender_show
from yiwang.desks.fields import MomentField
from yiwang.desks.screens import Screen, register
from yiwang.kernel import moment
from yiwang.kernel.errors import Refused
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.tenders import acts, rules
from yiwang.modules.tenders.rounds import one_deadline, shares_deadline
from yiwang.modules.tenders.selectors import law_of
from yiwang.ui.forms import UiForm

WHOLE = "whole_project"
SLACK = timedelta(minutes=30)
"""The notice goes out some minutes after its form was opened; proposed moments leave room for it."""


class PublishForm(UiForm, forms.Form):
    """Until when documents are given out, and the deadline for bids."""

    issue_end = MomentField(label=Text("招标文件获取截止时间", "Documents are given out until"))
    deadline = MomentField(label=Text("投标截止时间（同时开标）", "Deadline for bids (bids open then)"))
    whole_project = forms.BooleanField(
        required=False,
        label=Text("同时发布本项目的全部标段", "Publish all lots of the project together"),
        help_text=Text(
            "各标段用同样的日期；有一个标段没有准备好，就一个也不发布。",
            "All lots get these dates; if one is not ready, none is published.",
        ),
    )


def proposals(tender: Any) -> list[counts.Proposal]:
    """Earliest lawful end of issue and deadline, if the notice went out now."""
    start = moment.now() + SLACK
    issue = counts.proposal(
        tender, rules.DOCUMENT_ISSUE, start, Text("最早的文件获取截止时间", "Earliest end of giving out documents"),
        counts.OPENING_HOUR.replace(hour=17, minute=0),
    )  # fmt: skip
    label = Text("最早的投标截止时间", "Earliest deadline for bids")
    if rules.rules_between(law_of(tender), rules.ISSUE_TO_DEADLINE) and issue.at:  # 资格预审: counted from the end of issue
        return [counts.proposal(tender, rules.ISSUE_TO_DEADLINE, issue.at, label), issue]
    return [counts.proposal(tender, rules.BID_PREPARATION, start, label), issue]


def make_form(*args: Any, actor: Actor, tender: Any) -> PublishForm:
    """The form, filled with the proposed dates; for a lot with the choice of publishing all lots together."""
    deadline, issue_end = proposals(tender)
    at = tender.stage_of.deadline if shares_deadline(tender) else deadline.at
    form = PublishForm(*args, initial={"deadline": at, "issue_end": issue_end.at, WHOLE: True})
    if tender.project_id is None:
        del form.fields[WHOLE]
    return form


def check(actor: Actor, tender: Any, data: dict[str, Any]) -> None:
    """Refuse unlawful dates before the preview, as the act itself would."""
    now = moment.now()
    found = rules.period(tender, rules.BID_PREPARATION, now, data["deadline"], field="deadline")
    found &= rules.period(tender, rules.DOCUMENT_ISSUE, now, data["issue_end"], field="issue_end")
    found &= rules.period(tender, rules.ISSUE_TO_DEADLINE, data["issue_end"], data["deadline"], field="deadline")
    found &= one_deadline(tender, data["deadline"])
    if not found:
        raise Refused(*found.reasons)


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Publish."""
    dates = {"issue_end": data["issue_end"], "deadline": data["deadline"]}
    return acts.publish(actor=actor, tender=number, **dates, whole_project=data.get(WHOLE, False), **extra)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """The counts beside the form."""
    return {"proposals": proposals(tender)}


def reviewed(request: HttpRequest, tender: Any, data: dict[str, Any]) -> dict[str, Any]:
    """The notice with the dates that were typed."""
    known = [each for each in tender_show.facts(tender) if str(each.label) != str(Text("投标截止", "Deadline"))]
    return {"notice": {**data, "facts": known, "files": tender_parts.document_files(tender)}}


register(
    Screen(
        "tender.publish",
        perform,
        make_form=make_form,
        template="desks/buyer/tender_publish.html",
        preview="desks/buyer/notice.html",
        context=context,
        check=check,
        confirm=True,
        reviewed=reviewed,
        intro=Text(
            "已按法定期间推算出最早的日期，可以推后，不能提前。下一步先预览公告。",
            "The earliest lawful dates are filled in; they may be later, never earlier. The notice is shown before it goes out.",
        ),
    )
)
