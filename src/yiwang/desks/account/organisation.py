"""The organisation for which the reader acts: invitations to accept, leaving it; a reset of the own account to object to."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from yiwang.desks.access import actor_of, signed_in
from yiwang.desks.account import confirm, entering
from yiwang.desks.frame import desk
from yiwang.kernel import moment
from yiwang.kernel.errors import NotVisible, YiwangError
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.parties import join_acts, members, open_sessions, reset_acts, services
from yiwang.modules.parties import selectors as parties

TITLE = Text("我的单位", "My organisation")


@signed_in
def page(request: HttpRequest) -> HttpResponse:
    """What the reader is to the organisation; a POST joins (``join``), declines (``decline``) or leaves (``leave``)."""
    actor, data = actor_of(request), request.POST
    if request.method != "POST":
        return _show(request)
    try:
        if "join" in data:
            join_acts.join(actor=actor, organisation=data["join"])
            said = Text("您已加入单位；请绑定签名密钥", "You have joined; now bind a signing key")
        elif "decline" in data:
            join_acts.decline(actor, data["decline"])
            said = Text("已谢绝邀请", "The invitation is declined")
        elif "leave" in data:
            if asking := confirm.gate(request, "member.leave"):
                return asking
            join_acts.leave(actor=actor)
            open_sessions.end_others(actor.person, request.session)
            said = Text("您已退出单位，签名密钥已停用", "You have left; your signing keys have ended")
        else:
            raise NotVisible
    except NotVisible:
        raise
    except YiwangError as error:
        return _show(request, error.reasons)
    messages.success(request, str(said))
    return redirect("account:organisation")


def _show(request: HttpRequest, reasons: tuple[Reason, ...] = ()) -> HttpResponse:
    actor, now = actor_of(request), moment.now()
    invitations = [{"one": each, "parts": [members.PARTS[code] for code in each.parts]} for each in join_acts.invitations_to(actor, now)]
    context = {
        **desk(request, current="account:organisation", crumbs=((TITLE, ""),)),
        "body": actor.organisation,
        "parts": [name for code, name in members.PARTS.items() if code in members.parts_of(actor.person)],
        "member": members.registers_itself(actor),
        "invitations": invitations,
        "can_join": bool(members.may_join(None, actor, now)),
        "reasons": reasons,
    }
    return render(request, "desks/account/organisation.html", context, status=422 if reasons else 200)


@require_POST
def object_to_reset(request: HttpRequest) -> HttpResponse:
    """Object to the reset of the own account: signed in, or having given the password and lacking the second factor."""
    actor = actor_of(request)
    if not actor.known:
        actor = services.actor_of(parties.person_by_id(entering.half_signed_in(request)))
    reset_acts.object_to(actor=actor, reset=str(reset_acts.own(actor).pk))
    messages.success(request, str(Text("已反对，重设不再执行", "You have objected; the reset is off")))
    return redirect("account:security" if actor_of(request).known else "account:second")
