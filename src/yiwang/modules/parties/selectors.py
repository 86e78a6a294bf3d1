"""Reads of parties."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from yiwang.kernel.errors import NotVisible
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties.cert_selectors import certificates_of, endorsement_of, rests_on
from yiwang.modules.parties.models import Organisation, Person, SigningKey

__all__ = ["certificates_of", "endorsement_of", "is_key_of", "keys_of", "organisation", "organisations", "people_with_duty",
           "person_by_id", "person_named", "rests_on"]  # fmt: skip


def organisations() -> QuerySet[Organisation]:
    """All registered organisations: names and credit codes are public."""
    return Organisation.objects.all()


def organisation(uscc: str) -> Organisation:
    """The organisation with a credit code; NotVisible when there is none."""
    found = Organisation.objects.filter(uscc=uscc).first()
    if found is None:
        raise NotVisible
    return found


def person_named(username: str) -> Person | None:
    """The person with a user name, or None."""
    return Person.objects.select_related("organisation").filter(username=username).first()


def person_by_id(pk: str) -> Person | None:
    """The active person with an id, or None."""
    return Person.objects.select_related("organisation").filter(pk=pk, is_active=True).first() if pk else None


def people_with_duty(duty: str) -> QuerySet[Person]:
    """Active people with a standing duty, by name."""
    return Person.objects.filter(duty=duty, is_active=True).select_related("organisation").order_by("username")


def is_key_of(organisation: Organisation, public: str, at: datetime | None = None) -> bool:
    """Whether a public key was bound for the organisation and had not ended when it signed.

    Args:
        at: when it signed, by the log; None: now. Whoever leaves later leaves what was signed as it is.
    """
    bound = SigningKey.objects.filter(public=public, act__organisation=organisation)
    return bound.filter(Q(revoked_at=None) | Q(revoked_at__gt=at) if at else Q(revoked_at=None)).exists()


def keys_of(actor: Actor) -> QuerySet[SigningKey]:
    """The actor's own signing keys, newest first."""
    return SigningKey.objects.filter(person=actor.person) if actor.known else SigningKey.objects.none()
