"""Screen: raise an objection, to the documents, the opening or the result, by the tender's state."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks.fields import ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel import clock, moment
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.remedies import acts, selectors
from yiwang.modules.remedies.rules import ARTICLES, KIND_BY_STATE
from yiwang.modules.tenders import rules as tender_rules
from yiwang.ui.forms import UiForm

KINDS = {
    "document": Text("对招标文件的异议", "objection to the tender documents"),
    "opening": Text("对开标的异议", "objection to the opening"),
    "result": Text("对评标结果的异议", "objection to the result"),
}
PERIODS = {
    "document": Text("在投标截止前的法定期限内提出。", "Within the lawful time before the deadline for bids."),
    "opening": Text("在开标现场提出，招标人当场答复。", "During the opening; the buyer answers on the spot."),
    "result": Text("在中标候选人公示期内提出。", "Within the publicity period of the candidates."),
}
EFFECT = Text("答复之前暂停招标投标活动。", "Trading pauses until it is answered.")


class ObjectionForm(UiForm, forms.Form):
    """Facts and reasons."""

    text = ProseField(
        rows=9,
        most=10_000,
        label=Text("事实、理由和请求", "Facts, reasons and what you ask for"),
        help_text=Text("写明具体条款或事项，以及您的请求", "name the clause or event, and what should be done"),
    )


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Raise it."""
    return acts.raise_objection(actor=actor, tender=number, text=data["text"], **extra)


def last_moment(tender: Any, kind: str) -> datetime | None:
    """Until when this kind of objection can be raised; None when no moment is fixed."""
    if kind == "result":
        end = tender.events.get("candidate_publicity.end")
        return moment.from_stamp(end) if end else None
    if kind != "document" or tender.deadline is None:
        return None
    rules = tender_rules.rules_between(tender.procedure, tender_rules.DOCUMENT_OBJECTION)
    bounds = [clock.count(rule, tender.deadline, clock.Calendar.load()).latest for rule in rules if rule.hard]
    return min((bound for bound in bounds if bound is not None), default=None)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """Which kind it is, its period and article, and the objections so far."""
    kind = KIND_BY_STATE.get(tender.state, "")
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return {
        "kind": KINDS.get(kind, ""),
        "article": ARTICLES.get(kind, ""),
        "period": PERIODS.get(kind, ""),
        "effect": EFFECT,
        "until": last_moment(tender, kind),
        "secret": kind == "document",
        "objections": [
            (each, KINDS[each.kind], each.by if selectors.author_shown(actor, each) else None)
            for each in selectors.objections(actor, tender)
        ],
    }


register(
    Screen(
        "objection.raise",
        perform,
        form=ObjectionForm,
        template="desks/tenderer/objection_raise.html",
        context=context,
        final=True,
    )
)
