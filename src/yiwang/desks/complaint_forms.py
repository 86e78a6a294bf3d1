"""What the screens of complaints share: the choice of a complaint, by where it stands and who may deal with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks import remedy_words
from yiwang.desks.fields import PickField
from yiwang.desks.tender_parts import runs_or_watches
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.remedies import selectors as remedies
from yiwang.ui.forms import UiForm

Fits = Callable[[Any], bool]


def standing(*names: str) -> Fits:
    """Complaints that stand so."""
    return lambda item: item.standing in names


def maker(form_class: type[UiForm], fits: Fits, *, own: bool = False) -> Callable[..., Any]:
    """``make_form`` for a screen: the form with the fitting complaints to choose from; ``own``: the actor's alone."""

    def make(*args: Any, actor: Actor, tender: Any) -> Any:
        form: Any = form_class(*args)
        found = [each for each in remedies.complaints(actor, tender) if fits(each) and (not own or _is_own(actor, each))]
        choices = [(str(each.pk), remedy_words.line(tender, each)) for each in found]
        first = choices[0][0] if choices else None
        form.fields = {
            "complaint": PickField(label=Text("投诉", "Complaint"), choices=choices, radio=True, initial=first),
            **form.fields,
        }
        return form

    return make


def _is_own(actor: Actor, item: Any) -> bool:
    return actor.organisation is not None and item.by_id == actor.organisation.id


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """The complaints in full, beside the form."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return {"complaints": rows(actor, tender)}


def rows(actor: Actor, tender: Any) -> list[dict[str, Any]]:
    """Complaints as the actor may read them, shaped for a template."""
    return [row(actor, tender, each) for each in remedies.complaints(actor, tender)]


def row(actor: Actor, tender: Any, item: Any) -> dict[str, Any]:
    """One complaint: who, against what, where it stands, what is due."""
    inside = runs_or_watches(actor, tender) or _is_own(actor, item)
    return {
        "item": item,
        "kind": remedy_words.kind_name(tender, item.kind),
        "tag": remedy_words.complaint_tag(item),
        "department": remedy_words.department(item),
        "author": item.by.name if remedies.complainant_shown(actor, item) else "",
        "inside": inside,
        "due": remedy_words.due(item),
        "order": remedy_words.order_name(item.order) if item.order else "",
        "ground": remedy_words.ground_name(item.ground) if item.ground else "",
        "held": remedy_words.held(item),
    }


class PlainComplaintForm(UiForm, forms.Form):
    """Nothing but the complaint itself."""
