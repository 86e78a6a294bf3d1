"""GET: who I am."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from yiwang.api.auth import MEMBER, actor_in
from yiwang.api.problems import ERRORS
from yiwang.api.shown import party, when
from yiwang.api.tenders import PartyOut
from yiwang.modules.parties import selectors as parties

router = Router(tags=["me"], auth=MEMBER)


class KeyOut(Schema):
    """A signing key of yours."""

    public: str = Field(description="base64 of the Ed25519 public key, or sm2: and base64 of the compressed SM2 point")
    device: str
    bound_at: str
    revoked_at: str | None


class Me(Schema):
    """The account that asks."""

    username: str
    name: str
    duty: str
    organisation: PartyOut | None
    keys: list[KeyOut]


@router.get("/me", response={200: Me, **ERRORS}, operation_id="me.get")
def me(request: HttpRequest) -> dict[str, Any]:
    """Your account, your organisation, your signing keys."""
    actor = actor_in(request)
    return {
        "username": actor.person.username,
        "name": actor.person.name,
        "duty": actor.duty,
        "organisation": party(actor.organisation),
        "keys": [
            {"public": key.public, "device": key.device, "bound_at": when(key.bound_at), "revoked_at": when(key.revoked_at)}
            for key in parties.keys_of(actor)
        ],
    }
