"""The reader's own signing keys: the list, and binding one that this device made."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from yiwang.desks.access import actor_of, signed_in
from yiwang.desks.account import confirm
from yiwang.desks.frame import desk
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.parties import acts, cert_selectors, members
from yiwang.modules.parties import selectors as parties

TITLE = Text("签名密钥", "Signing keys")


@signed_in
def page(request: HttpRequest) -> HttpResponse:
    """Show the keys; a POST binds one: its public half and the proof of holding it."""
    if asking := confirm.gate(request, "person.bind_key"):
        return asking
    actor = actor_of(request)
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        public, proof = request.POST.get("public", "").strip(), request.POST.get("proof", "").strip()
        try:
            acts.bind_key(actor=actor, public=public, proof=proof, device=request.POST.get("device", "").strip()[:100])
        except YiwangError as error:
            reasons = error.reasons
        else:
            messages.success(request, str(Text("签名密钥已绑定", "The signing key is bound")))
            return redirect("account:keys")
    keys, endorsed = list(parties.keys_of(actor).select_related("act__log_entry")), cert_selectors.endorsed_keys(actor)
    for key in keys:
        key.endorsed = endorsed.get(key.public)  # type: ignore[attr-defined]
    context = {
        **desk(request, current="account:keys", crumbs=((TITLE, ""),)),
        "keys": keys,
        "certificates": parties.certificates_of(actor.organisation) if members.registers_itself(actor) else [],
        "reasons": reasons,
    }
    return render(request, "desks/account/keys.html", context, status=422 if reasons else 200)
