"""Pages of drills of custody: the list, and one drill with what its custodians do and how it went."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from yiwang.desks.access import actor_of, only_duty, signed_in
from yiwang.desks.custodian.custody_provide_key import answered
from yiwang.desks.custodian.key_forms import IdentityForm, RecipientForm
from yiwang.desks.frame import desk
from yiwang.desks.screens import request_key
from yiwang.kernel import moment
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.modules.evidence import permits, registry
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.door import AlreadyReceived
from yiwang.modules.openings import drill_acts, selectors
from yiwang.modules.openings.custody_law import custody_law
from yiwang.ui.forms import add_reasons
from yiwang.ui.shapes import Blocked, Tag
from yiwang.ui.tables import Column, Table, table_of

TITLE = Text("保管演练", "Drills of custody")
GIVE, RELEASE = "drill.provide_key", "drill.release_key"


@signed_in
def listing(request: HttpRequest) -> HttpResponse:
    """All drills that the reader may see, and whether one is due."""
    actor = actor_of(request)
    only_duty(actor, "custodian", "center", "supervisor")
    columns = [
        Column("number", Text("次序", "No."), "number", head=True, url=lambda row: reverse("custody:drill", args=[row.number])),
        Column("opens", Text("演练时刻", "Moment"), "when"),
        Column("state", Text("状态", "State"), "tag", value=state_tag),
        Column("in_time", Text("按时公布", "In time"), value=_in_time),
        Column("note", Text("说明", "Note")),
    ]
    table = table_of(request, TITLE, columns, selectors.drills(actor), per_page=25,
                     empty=Text("还没有演练。", "There was no drill yet."))  # fmt: skip
    frame = desk(request, current="custody:drills", crumbs=((TITLE, ""),))
    context = {**frame, "title": TITLE, "table": table, "law": custody_law().drill, "may_schedule": actor.duty == "center",
               "overdue": selectors.drill_overdue(moment.now())}  # fmt: skip
    return render(request, "desks/custodian/drills.html", context)


def state_tag(drill: Any) -> Tag:
    """Where a drill stands."""
    if drill.report:
        return Tag(Text("够数", "enough keys"), "good") if drill.report["enough"] else Tag(Text("不够数", "too few keys"), "bad")
    return Tag(Text("进行中", "running"), "open") if moment.now() >= drill.opens else Tag(Text("已安排", "scheduled"), "wait")


def _in_time(drill: Any) -> Text:
    if not drill.report:
        return Text("—", "—")
    done, named = drill.report["in_time"], drill.report["named"]
    return Text(f"{done}/{named} 位", f"{done} of {named}")


@signed_in
def page(request: HttpRequest, number: int) -> HttpResponse:
    """One drill. A custodian in it gives the key, or from its moment releases it; the others see how it goes."""
    actor = actor_of(request)
    drill = selectors.drill(actor, number)
    act = _act_now(actor, drill)
    if act is None:
        return _show(request, drill)
    form = _form(request, actor, drill, act)
    if request.method != "POST" or not form.is_valid():
        return _show(request, drill, act, form)
    try:
        _carry_out(request, actor, drill, act, form.cleaned_data)
    except AlreadyReceived:
        pass
    except YiwangError as error:
        add_reasons(form, error)
        return _show(request, drill, act, form)
    name = registry.row_of(act).name
    messages.success(request, str(Text(f"已办理：{name.zh}", f"Done: {name.en}")))
    return redirect("custody:drill", number)


@require_POST
@signed_in
def challenge(request: HttpRequest, number: int) -> HttpResponse:
    """The challenge for a posted drill key, for the page's script."""
    actor = actor_of(request)
    drill = selectors.drill(actor, number)
    return answered(lambda: drill_acts.possession_challenge(
        actor=actor, drill=drill.number, recipient=request.POST.get("recipient", "")))  # fmt: skip


def _act_now(actor: Actor, drill: Any) -> str | None:
    now = moment.now()
    return next((act for act in (GIVE, RELEASE) if permits.may(registry.row_of(act), actor, drill, now)), None)


def _form(request: HttpRequest, actor: Actor, drill: Any, act: str) -> Any:
    posted = (request.POST,) if request.method == "POST" else ()
    if act == RELEASE:
        return IdentityForm(*posted)
    return RecipientForm(*posted, ask=lambda recipient: drill_acts.possession_challenge(
        actor=actor, drill=drill.number, recipient=recipient))  # fmt: skip


def _carry_out(request: HttpRequest, actor: Actor, drill: Any, act: str, data: dict[str, Any]) -> None:
    extra = {"actor": actor, "drill": drill.number, "request_key": request_key(request)}
    if act == RELEASE:
        drill_acts.release_key(identity=data["identity"], **extra)
    else:
        drill_acts.provide_key(recipient=data["recipient"], challenge=data["challenge"], answer=data["answer"], **extra)


def _show(request: HttpRequest, drill: Any, act: str | None = None, form: Any = None) -> HttpResponse:
    actor, name = actor_of(request), Text(f"第 {drill.number} 次保管演练", f"Drill of custody no. {drill.number}")
    own = selectors.drill_keys(drill).filter(person=actor.person).first()
    later = permits.may(registry.row_of(RELEASE if own and own.recipient else GIVE), actor, drill, moment.now())
    body = actor.person.organisation.name if actor.person.organisation else ""
    context = {
        **desk(request, current="custody:drills", crumbs=((TITLE, reverse("custody:drills")), (name, ""))),
        "title": name, "drill": drill, "own": own, "form": form, "act": act, "row": registry.row_of(act) if act else None,
        "blocked": [Blocked(registry.row_of(RELEASE).name, later.reasons)] if own and not act and not later else [],
        "state": state_tag(drill), "table": _keys(request, drill), "law": custody_law().drill,
        "request_key": request.POST.get("request_key") or secrets.token_hex(16), "back_url": reverse("custody:drills"),
        "challenge_url": reverse("custody:drill_challenge", args=[drill.number]),
        "recipient": own.recipient if own else "",
        "sheet": {"for": f"DRILL-{drill.number}", "title": str(name), "body": body, "person": actor.person.name},
    }  # fmt: skip
    failed = form is not None and form.is_bound and bool(form.errors)
    return render(request, "desks/custodian/drill.html", context, status=422 if failed else 200)


def _keys(request: HttpRequest, drill: Any) -> Table:
    columns = [
        Column("position", Text("席位", "Seat"), "number", value=lambda key: key.position + 1),
        Column("name", Text("保管人", "Custodian"), head=True, value=lambda key: key.person.name),
        Column("body", Text("单位", "Body"), value=lambda key: key.person.organisation.name if key.person.organisation else ""),
        Column("given", Text("演练公钥", "Drill key"), "tag", value=lambda key: _given(key, drill)),
        Column("released", Text("公布", "Released"), "tag", value=lambda key: _released(key, drill)),
        Column("minutes", Text("用时", "Took"), value=lambda key: _minutes(key, drill)),
    ]
    return table_of(request, Text("各位保管人", "The custodians"), columns, list(selectors.drill_keys(drill)))


def _given(key: Any, drill: Any) -> Tag:
    if key.recipient:
        return Tag(Text("已提供", "given"), "good")
    missed = moment.now() >= drill.opens
    return Tag(Text("没有提供", "not given"), "bad") if missed else Tag(Text("待提供", "wanted"), "wait")


def _released(key: Any, drill: Any) -> Tag:
    if key.released_at:
        return Tag(Text("按时公布", "in time"), "good")
    if drill.reported_at or moment.now() > drill.ends or (not key.recipient and moment.now() >= drill.opens):
        return Tag(Text("没有完成", "missed"), "bad")
    return Tag(Text("待公布", "to be released"), "wait") if moment.now() >= drill.opens else Tag(Text("未到时刻", "not yet"), "neutral")


def _minutes(key: Any, drill: Any) -> Text:
    if key.released_at is None:
        return Text("—", "—")
    minutes = int((key.released_at - drill.opens).total_seconds() // 60)
    return Text(f"{minutes} 分钟", f"{minutes} min")
