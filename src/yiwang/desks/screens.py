"""One screen per act. A screen names the act, its form and how the form's data become the act's arguments.

Everything else is here, once: permits and their reasons, the review page of acts that are signed, double clicks,
errors back onto the form's fields, and the receipt.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yiwang.desks.frame import desk
from yiwang.kernel import moment
from yiwang.kernel.canonical import canonical
from yiwang.kernel.errors import NotVisible, YiwangError
from yiwang.kernel.text import Text
from yiwang.modules.evidence import permits, registry
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.door import AlreadyReceived
from yiwang.modules.tenders import selectors as tenders
from yiwang.ui.forms import UiForm, add_reasons
from yiwang.ui.shapes import Blocked

Statement = tuple[str, dict[str, Any]]


class PlainForm(UiForm, forms.Form):
    """A form without fields, for acts that need none."""


@dataclass(frozen=True)
class Screen:
    """The screen of one act.

    Attributes:
        act: the act's name.
        perform: ``perform(actor, number, data, extra)`` does the act; ``data`` is the form's cleaned data, ``extra``
            holds ``request_key`` and, for signed acts, ``public`` and ``signature``: pass it on as keyword arguments.
        form: the form's class; ``make_form`` instead when it depends on tender and actor.
        statement: for signed acts: ``statement(actor, tender, data) -> (kind, content)`` that the person signs.
        template: the page; the common one shows form, explanation and review.
        intro: what the act does, in a sentence or two, for the top of the page.
        context: more for the template: ``context(request, tender) -> dict``.
        final: True when the button should be the vermilion one (the act is legally final).
    """

    act: str
    perform: Callable[[Actor, str, dict[str, Any], dict[str, Any]], Any]
    form: type[forms.BaseForm] = PlainForm
    make_form: Callable[..., forms.BaseForm] | None = None
    statement: Callable[[Actor, Any, dict[str, Any]], Statement] | None = None
    template: str = "desks/act.html"
    intro: Text | None = None
    context: Callable[[HttpRequest, Any], dict[str, Any]] | None = None
    final: bool = False


SCREENS: dict[str, Screen] = {}


def register(screen: Screen) -> Screen:
    """Add the screen of an act; each act has one."""
    registry.row_of(screen.act)
    SCREENS[screen.act] = screen
    return screen


def url_of(act: str, number: str) -> str:
    """The address of an act's screen for a tender."""
    return reverse("desk:act", args=[number, act])


def act_page(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Show an act's form, or carry the act out."""
    screen = SCREENS.get(act)
    if screen is None:
        raise NotVisible
    actor: Actor = request.actor  # type: ignore[attr-defined]
    tender, row = tenders.tender(actor, number), registry.row_of(act)
    if not permits.role_for(row, actor, tender):
        raise NotVisible
    verdict = permits.may(row, actor, tender, moment.now())
    if not verdict and request.method != "POST":
        return _page(request, screen, tender, None, blocked=Blocked(row.name, verdict.reasons))
    form = _form(screen, request, tender)
    if request.method == "POST" and form.is_valid():
        return _carry_out(request, screen, tender, form)
    return _page(request, screen, tender, form)


def _form(screen: Screen, request: HttpRequest, tender: Any) -> forms.BaseForm:
    args = (request.POST, request.FILES) if request.method == "POST" else ()
    if screen.make_form is not None:
        return screen.make_form(*args, actor=request.actor, tender=tender)  # type: ignore[attr-defined]
    return screen.form(*args)


def _carry_out(request: HttpRequest, screen: Screen, tender: Any, form: forms.BaseForm) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    extra = {"request_key": request_key(request)}
    try:
        if screen.statement is not None:
            if not request.POST.get("signature"):
                return _review(request, screen, tender, form)
            extra |= {"public": request.POST.get("public", ""), "signature": request.POST["signature"]}
        screen.perform(actor, tender.number, form.cleaned_data, extra)
    except AlreadyReceived:
        pass
    except YiwangError as error:
        add_reasons(form, error)
        return _page(request, screen, tender, form)
    return done(request, tender.number, screen.act)


def _review(request: HttpRequest, screen: Screen, tender: Any, form: forms.BaseForm) -> HttpResponse:
    """Before a signature: show exactly what will be signed; the browser signs these bytes with the own key."""
    assert screen.statement is not None
    kind, content = screen.statement(request.actor, tender, form.cleaned_data)  # type: ignore[attr-defined]
    statement = {"kind": kind, "content": canonical(content).decode(), "pretty": json.dumps(content, ensure_ascii=False, indent=2)}
    return _page(request, screen, tender, form, statement=statement)


def request_key(request: HttpRequest) -> str:
    """The key of this very form: made when it was shown, bound to the person, so a double click does the act once."""
    token = request.POST.get("request_key", "")[:32]
    return f"{request.actor.person.pk.hex[:16]}-{token}" if token else secrets.token_hex(16)  # type: ignore[attr-defined]


def done(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Go on to the receipt of the act that was just carried out."""
    name = registry.row_of(act).name
    messages.success(request, str(Text(f"已办理：{name.zh}", f"Done: {name.en}")))
    latest = evidence.latest_of(request.actor, act)  # type: ignore[attr-defined]
    return redirect("desk:receipt", latest.pk) if latest else redirect("desk:tender", number)


def _page(
    request: HttpRequest,
    screen: Screen,
    tender: Any,
    form: forms.BaseForm | None,
    *,
    blocked: Blocked | None = None,
    statement: dict[str, str] | None = None,
) -> HttpResponse:
    row = registry.row_of(screen.act)
    here = reverse("desk:tender", args=[tender.number])
    context = {
        **desk(request, crumbs=((tender.title, here), (row.name, ""))),
        "tender": tender,
        "row": row,
        "screen": screen,
        "form": form,
        "blocked": [blocked] if blocked else [],
        "statement": statement,
        "posted": [(k, v) for k, vs in request.POST.lists() for v in vs if k != "csrfmiddlewaretoken"] if statement else [],
        "request_key": request.POST.get("request_key") or secrets.token_hex(16),
        "back_url": here,
        **(screen.context(request, tender) if screen.context else {}),
    }
    failed = form is not None and form.is_bound and bool(form.errors)
    return render(request, screen.template, context, status=422 if failed else 409 if blocked else 200)
