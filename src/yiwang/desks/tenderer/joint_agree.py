"""Page: firms agree on a joint bid (联合体). All of it happens in the visitors' browsers and in files that they pass on.

Nothing is sent here, and nothing is stored: before the opening nobody may know who bids, and with whom. The page is the
same for everybody, but that it knows the own firm's code and keys of who is signed in.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.desks.access import actor_of
from yiwang.kernel.canonical import canonical
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import PUBLIC, Actor
from yiwang.modules.parties import selectors as parties
from yiwang.modules.tenders import selectors as tenders
from yiwang.seal.joint import most_members
from yiwang.ui.shapes import Link


def page(request: HttpRequest, number: str) -> HttpResponse:
    """Show the page of a tender whose notice is out."""
    found, actor = tenders.tender(PUBLIC, number), actor_of(request)
    around = {
        "tender": found,
        "lots": list(found.lots.all()),
        "most": most_members(),
        "joint_facts": canonical(_facts(found, actor)).decode(),
        "signed_in": actor.known,
        "firm": actor.organisation if actor.known else None,
        "person": actor.person.pk if actor.person is not None else "",
        "breadcrumbs": [
            Link(Text("交易项目", "Tenders"), reverse("public:tenders")),
            Link(number, reverse("public:tender", args=[number])),
            Link(Text("联合体投标", "Joint bid")),
        ],
    }
    return render(request, "desks/tenderer/joint_agree.html", around)


def _facts(found: Any, actor: Actor) -> dict[str, Any]:
    """What the browser needs to know."""
    return {
        "tender": found.number,
        "own": actor.organisation.uscc if actor.organisation is not None else "",
        "bound": [key.public for key in parties.keys_of(actor) if key.revoked_at is None],
    }
