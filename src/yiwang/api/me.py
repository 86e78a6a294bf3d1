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
from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.modules.parties import cert_selectors, cert_statements
from yiwang.modules.parties import selectors as parties

router = Router(tags=["me"], auth=MEMBER)


class KeyOut(Schema):
    """A signing key of yours."""

    public: str = Field(description="base64 of the Ed25519 public key, or sm2: and base64 of the compressed SM2 point")
    device: str
    bound_at: str
    revoked_at: str | None


class CertificateOut(Schema):
    """A certificate of your organisation."""

    fingerprint: str
    issuer: str
    serial: str
    not_before: str
    not_after: str
    revoked_at: str | None


class Me(Schema):
    """The account that asks."""

    username: str
    name: str
    duty: str
    organisation: PartyOut | None
    keys: list[KeyOut]
    certificates: list[CertificateOut]


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
        "certificates": [_certificate(each) for each in cert_selectors.all_of(actor)],
    }


def _certificate(each: Any) -> dict[str, Any]:
    names = ("fingerprint", "issuer", "serial")
    moments = ("not_before", "not_after", "revoked_at")
    return {**{name: getattr(each, name) for name in names}, **{name: when(getattr(each, name)) for name in moments}}


@router.get("/me/certificates/statement", response={200: dict[str, Any], **ERRORS}, operation_id="certificates.statement")
def certificate_statement(request: HttpRequest, purpose: str, key: str = "") -> dict[str, Any]:
    """What your organisation's certificate is to sign: ``purpose`` is certificate-bind or certificate-endorse; for the latter
    ``key`` is the signing key. Sign ``yiwang/<purpose>/v1``, a line feed, and its canonical JSON (RFC 8785)."""
    if purpose not in (cert_statements.BIND, cert_statements.ENDORSE):
        raise bad("purpose", "没有这种用途", "no such purpose", passes=Text("certificate-bind", "certificate-bind, certificate-endorse"))
    return cert_statements.make(purpose, actor_in(request).person, key=key)
