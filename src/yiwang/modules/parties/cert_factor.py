"""The organisation's certificate as a person's second factor: what the certificate signs at sign-in is checked here.

The certificate stands for the organisation, so it never signs anybody in alone: the person's own password comes first.
A certificate that has run out or was ended proves nothing; a recovery code then does, and the factor is taken away by hand,
so that no account is left with its password alone without its owner's doing.
"""

from __future__ import annotations

import base64
from typing import Any

from django.utils import timezone

from yiwang.kernel import moment
from yiwang.kernel.errors import bad
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties import attempts, cert_acts, cert_read, cert_statements, factors
from yiwang.modules.parties.models import CertificateFactor, Person


def factor_of(person: Person) -> CertificateFactor | None:
    """The certificate that the person uses as second factor."""
    return CertificateFactor.objects.filter(person=person).select_related("certificate").first()


def switch_on(actor: Actor, fingerprint: str, statement: dict[str, Any], signature: bytes) -> None:
    """Use the organisation's certificate as the actor's second factor, once it has signed a statement for it.

    Raises:
        BadInput: no such valid certificate, or it did not sign this statement.
    """
    found = cert_acts.standing(actor, fingerprint, moment.now())
    _check(actor.person, found.chain, statement, signature)
    CertificateFactor.objects.update_or_create(person=actor.person, defaults={"certificate": found, "added_at": timezone.now()})


def switch_off(person: Person) -> bool:
    """Use it no longer; False when it was not in use."""
    return bool(CertificateFactor.objects.filter(person=person).delete()[0])


def prove(person: Person, statement: dict[str, Any], signature: bytes) -> None:
    """The certificate signed the statement that was made for this sign-in. Guessing is slowed, each statement good for once.

    Raises:
        BadInput: it did not, it is not valid any more, or too many tries.
    """
    attempts.check(*factors.brake(person), "signature")
    used = factor_of(person)
    try:
        if used is None:
            raise bad("signature", "没有启用机构证书", "no certificate is in use as second factor", code="factor.certificate")
        cert_acts.standing(Actor(person=person, organisation=person.organisation), used.certificate.fingerprint, moment.now())
        _check(person, used.certificate.chain, statement, signature)
    except Exception:
        attempts.failed(*factors.brake(person))
        raise
    attempts.succeeded(*factors.brake(person))


def _check(person: Person, chain: list[str], statement: dict[str, Any], signature: bytes) -> None:
    message = cert_statements.check(statement, cert_statements.SIGN_IN, person)
    if not cert_read.signed_by(cert_read.key_of(cert_read.unpacked(chain)[0]), message, signature):
        raise cert_acts.wrong_signature()
    cert_statements.use_up(statement)


def text_of(signature: bytes) -> str:
    """A signature as acts take it."""
    return base64.b64encode(signature).decode()

