"""The host's console: the hall as everybody sees it, and beside it what the host can do, each with one press."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yiwang.desks.access import actor_of, signed_in
from yiwang.desks.center.hall_advance import VERBS
from yiwang.desks.frame import desk
from yiwang.desks.public import hall_facts, hall_show
from yiwang.desks.screens import SCREENS, Screen, request_key, url_of
from yiwang.desks.wording import capital
from yiwang.kernel import moment
from yiwang.kernel.errors import NotVisible, YiwangError
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.evidence import course, permits, registry
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.door import AlreadyReceived
from yiwang.modules.openings import selectors as openings
from yiwang.modules.tenders import selectors as tenders
from yiwang.ui.forms import add_reasons

ACTS = ("hall.advance", "hall.resume", "hall.answer", "hall.pause", "hall.incident", "hall.postpone")
"""What is done from here, in the order of the page."""
ELSEWHERE = ("opening.open", "opening.confirm", "objection.answer")
"""Acts of the session that have a page of their own."""


@dataclass(frozen=True)
class Doing:
    """One thing that the host can do now (``form``) or cannot (``reasons``)."""

    act: str
    verb: Text
    form: Any
    reasons: tuple[Reason, ...]
    main: bool
    open: bool


@signed_in
def page(request: HttpRequest, number: str) -> HttpResponse:
    """Show the console, or do one of its acts and show it again."""
    actor = actor_of(request)
    tender = tenders.tender(actor, number)
    if tender.deadline is None or not permits.role_for(registry.row_of("hall.advance"), actor, tender):
        raise NotVisible
    failed: tuple[str, Any] = ("", None)
    if request.method == "POST":
        form = _do(request, actor, tender)
        if form is None:
            return redirect(request.path)
        failed = (request.POST["act"], form)
    context = {
        **desk(request, crumbs=((tender.title, reverse("desk:tender", args=[number])), (Text("开标大厅", "Opening hall"), ""))),
        **hall_facts.facts(tender),
        **hall_show.following(number),
        "doings": _doings(actor, tender, failed),
        "elsewhere": _elsewhere(actor, tender),
        "request_key": secrets.token_hex(16),
        "hall_url": reverse("public:hall", args=[number]),
    }
    return render(request, "desks/center/hall_console.html", context, status=422 if failed[0] else 200)


def _do(request: HttpRequest, actor: Actor, tender: Any) -> Any:
    """Carry out the posted act; its form with the errors when it could not be."""
    act = request.POST.get("act", "")
    if act not in ACTS:
        raise NotVisible
    screen = SCREENS[act]
    form = _form(screen, actor, tender, request.POST)
    if form.is_valid():
        try:
            screen.perform(actor, tender.number, form.cleaned_data, {"request_key": request_key(request)})
        except AlreadyReceived:
            pass
        except YiwangError as error:
            add_reasons(form, error)
            return form
        name = registry.row_of(act).name
        messages.success(request, str(Text(f"已办理：{name.zh}", f"Done: {name.en}")))
        return None
    return form


def _form(screen: Screen, actor: Actor, tender: Any, *data: Any) -> Any:
    make = screen.make_form
    form = make(*data, actor=actor, tender=tender) if make is not None else screen.form(*data)
    form.auto_id = f"{screen.act.replace('.', '-')}-%s"  # several forms stand on this page
    return form


def _doings(actor: Actor, tender: Any, failed: tuple[str, Any]) -> list[Doing]:
    found, now = [], moment.now()
    following = openings.hall_of(tender).following
    for act in ACTS:
        row = registry.row_of(act)
        verdict = permits.may(row, actor, tender, now)
        if not verdict and act not in ("hall.advance", failed[0]):
            continue
        form = failed[1] if act == failed[0] else _form(SCREENS[act], actor, tender)
        verb = VERBS.get(following, capital(row.name)) if act == "hall.advance" else capital(row.name)
        main = act in ("hall.advance", "hall.resume")
        found.append(Doing(act, verb, form if verdict or act == failed[0] else None, verdict.reasons, main, act in (failed[0], "hall.answer")))
    return found


def _elsewhere(actor: Actor, tender: Any) -> list[tuple[Text, str, tuple[Reason, ...]]]:
    """Acts of the session with pages of their own: (name, address, why not)."""
    found = []
    for act in ELSEWHERE:
        row = registry.row_of(act)
        if permits.role_for(row, actor, tender) and course.possible(row, tender):
            verdict = permits.may(row, actor, tender, moment.now())
            if verdict or act == "opening.open":
                found.append((capital(row.name), url_of(act, tender.number), verdict.reasons))
    return found
