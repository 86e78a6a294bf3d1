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

from yiwang.desks import late_refusal
from yiwang.desks.access import actor_of, signed_in
from yiwang.desks.account import confirm
from yiwang.desks.frame import desk
from yiwang.desks.wording import capital
from yiwang.kernel import moment
from yiwang.kernel.canonical import canonical
from yiwang.kernel.errors import NotVisible, YiwangError
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Verdict
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
        preview: template of what the reader sees above form and review: the notice, the record, the contract.
        context: more for the template: ``context(request, tender) -> dict``.
        check: ``check(actor, tender, data)`` raises what the act would raise, before a review page is shown.
        confirm: True shows the preview once more, filled with what was typed, before the act is done.
        reviewed: more for the preview then: ``reviewed(request, tender, data) -> dict``.
        final: True when the button should be the vermilion one (the act is legally final).
    """

    act: str
    perform: Callable[[Actor, str, dict[str, Any], dict[str, Any]], Any]
    form: type[forms.BaseForm] = PlainForm
    make_form: Callable[..., forms.BaseForm] | None = None
    statement: Callable[[Actor, Any, dict[str, Any]], Statement] | None = None
    template: str = "desks/act.html"
    intro: Text | None = None
    preview: str = ""
    context: Callable[[HttpRequest, Any], dict[str, Any]] | None = None
    check: Callable[[Actor, Any, dict[str, Any]], None] | None = None
    confirm: bool = False
    reviewed: Callable[[HttpRequest, Any, dict[str, Any]], dict[str, Any]] | None = None
    final: bool = False

    @property
    def signed(self) -> bool:
        """Whether the person signs a statement (a template cannot ask for the function: it would call it)."""
        return self.statement is not None


SCREENS: dict[str, Screen] = {}


def register(screen: Screen) -> Screen:
    """Add the screen of an act; each act has one."""
    registry.row_of(screen.act)
    SCREENS[screen.act] = screen
    return screen


def url_of(act: str, number: str) -> str:
    """The address of an act's screen for a tender."""
    return reverse("desk:act", args=[number, act])


@signed_in
def act_page(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Show an act's form, or carry the act out."""
    screen = SCREENS.get(act)
    if screen is None:
        raise NotVisible
    actor = actor_of(request)
    tender, row = tenders.tender(actor, number), registry.row_of(act)
    if not permits.role_for(row, actor, tender):
        raise NotVisible
    verdict = permits.may(row, actor, tender, moment.now())
    if not verdict:
        return _not_now(request, screen, tender, verdict)
    if asking := confirm.gate(request, act):
        return asking
    form = _form(screen, request, tender)
    if request.method == "POST" and form.is_valid() and "edit" not in request.POST:
        return _carry_out(request, screen, tender, form)
    if request.method != "POST" and screen.statement is not None and not form.fields:
        return _review(request, screen, tender, form, {})
    return _page(request, screen, tender, form)


def _not_now(request: HttpRequest, screen: Screen, tender: Any, verdict: Verdict) -> HttpResponse:
    """The act is not possible now. If it was this very request that did it, show its receipt."""
    if request.method == "POST" and (earlier := _earlier(request, screen.act)):
        return done(request, tender.number, screen.act, earlier)
    blocked = Blocked(capital(registry.row_of(screen.act).name), verdict.reasons)
    return _page(request, screen, tender, None, blocked=blocked, more=late_refusal.of(request, tender, screen.act))


def _earlier(request: HttpRequest, act: str) -> Any:
    found = evidence.done(actor_of(request), request_key(request))
    return found if found is not None and found.act == act else None


def _form(screen: Screen, request: HttpRequest, tender: Any) -> forms.BaseForm:
    args = (request.POST, request.FILES) if request.method == "POST" else ()
    if screen.make_form is not None:
        return screen.make_form(*args, actor=actor_of(request), tender=tender)
    return screen.form(*args)


def _carry_out(request: HttpRequest, screen: Screen, tender: Any, form: forms.BaseForm) -> HttpResponse:
    actor, data = actor_of(request), form.cleaned_data
    extra = {"request_key": request_key(request)}
    try:
        if screen.check is not None:
            screen.check(actor, tender, data)
        if _needs_review(request, screen):
            return _review(request, screen, tender, form, data)
        if screen.statement is not None:
            extra |= {"public": request.POST.get("public", ""), "signature": request.POST["signature"]}
        screen.perform(actor, tender.number, data, extra)
    except AlreadyReceived as repeated:
        return done(request, tender.number, screen.act, repeated.act)
    except YiwangError as error:
        if late_refusal.of(request, tender, screen.act):  # the deadline came while the file was on its way
            return _not_now(request, screen, tender, Verdict(error.reasons))
        add_reasons(form, error)
        return _page(request, screen, tender, form)
    return done(request, tender.number, screen.act, _earlier(request, screen.act))


def _needs_review(request: HttpRequest, screen: Screen) -> bool:
    if screen.statement is not None:
        return not request.POST.get("signature")
    return screen.confirm and not request.POST.get("confirmed")


def _review(
    request: HttpRequest, screen: Screen, tender: Any, form: forms.BaseForm, data: dict[str, Any]
) -> HttpResponse:
    """Before a signature or a final step: show exactly what will be done; the browser signs with the own key."""
    statement = None
    if screen.statement is not None:
        kind, content = screen.statement(actor_of(request), tender, data)
        pretty = json.dumps(content, ensure_ascii=False, indent=2)
        statement = {"kind": kind, "content": canonical(content).decode(), "pretty": pretty}
    more = screen.reviewed(request, tender, data) if screen.reviewed else {}
    return _page(request, screen, tender, form, statement=statement, reviewing=True, more=more)


def request_key(request: HttpRequest) -> str:
    """The key of this very form: made when it was shown, bound to the person, so a double click does the act once."""
    token = request.POST.get("request_key", "")[:32]
    return f"{actor_of(request).person.pk.hex[:16]}-{token}" if token else secrets.token_hex(16)


def done(request: HttpRequest, number: str, act: str, did: Any = None) -> HttpResponse:
    """Go on to the receipt of the act ``did`` that was just carried out, or back to the tender."""
    name = registry.row_of(act).name
    messages.success(request, str(Text(f"已办理：{name.zh}", f"Done: {name.en}")))
    return redirect("desk:receipt", did.pk) if did is not None else redirect("desk:tender", number)


TECHNICAL = frozenset({"csrfmiddlewaretoken", "request_key", "public", "signature", "confirmed", "edit"})
"""Posted names that are not what the person typed."""


def _page(
    request: HttpRequest,
    screen: Screen,
    tender: Any,
    form: forms.BaseForm | None,
    *,
    blocked: Blocked | None = None,
    statement: dict[str, str] | None = None,
    reviewing: bool = False,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    row = registry.row_of(screen.act)
    here = reverse("desk:tender", args=[tender.number])
    posted = [(k, v) for k, values in request.POST.lists() for v in values if k not in TECHNICAL]
    context = {
        **desk(request, crumbs=((tender.title, here), (capital(row.name), ""))),
        "tender": tender,
        "row": row,
        "screen": screen,
        "form": form,
        "blocked": [blocked] if blocked else [],
        "statement": statement,
        "reviewing": reviewing,
        "posted": posted if reviewing else [],
        "kept": [value for _, value in posted if value.strip()] if blocked else [],
        "request_key": request.POST.get("request_key") or secrets.token_hex(16),
        "back_url": here,
        **(screen.context(request, tender) if screen.context and not blocked else {}),
        **(more or {}),
    }
    failed = form is not None and form.is_bound and bool(form.errors)
    return render(request, screen.template, context, status=422 if failed else 409 if blocked else 200)
