"""Tables of parties: organisations, people, and the keys people sign with."""

from __future__ import annotations

import secrets
import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from yiwang.modules.evidence import commitments


class Organisation(models.Model):
    """A legal person or other organisation, known by its unified social credit code (统一社会信用代码)."""

    uscc = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=32, default="enterprise")
    legal_representative = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=50, blank=True)
    small = models.BooleanField(default=False)
    registered_at = models.DateTimeField()

    state = "registered"

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def chain(self) -> str:
        """Evidence subject of the organisation's own acts."""
        return f"organisation/{self.uscc}"


class PersonManager(BaseUserManager["Person"]):
    """Creates people; needed by Django's sign-in."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> Person:
        """A person who signs in with a user name and, if given, a password."""
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save()
        return person


def _new_salt() -> str:
    return secrets.token_hex(32)


class Person(AbstractBaseUser):
    """Somebody who signs in, acting for an organisation and with at most one standing duty.

    Attributes:
        parts: what the person does in the organisation, codes of :data:`yiwang.modules.parties.members.PARTS`; None for
            those who registered it: everything.
        reset_due: when the person's factors are going to be reset, for the notice on every page; None: they are not.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=100)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="people")
    duty = models.CharField(max_length=32, blank=True)
    parts = models.JSONField(null=True)
    reset_due = models.DateTimeField(null=True)
    evidence_salt = models.CharField(max_length=64, default=_new_salt)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects = PersonManager()
    state = "active"

    def __str__(self) -> str:
        return self.name

    def pseudonym(self, subject: str) -> str:
        """What the log says of this person in the acts of a subject."""
        return commitments.pseudonym(self.evidence_salt, str(self.id), subject)

    @property
    def chain(self) -> str:
        """Evidence subject of the person's own acts (binding a key)."""
        return f"person/{self.pseudonym('person')}"


class SigningKey(models.Model):
    """A public key (Ed25519, or ``sm2:``) with which a person signs statements; the private key stays on the person's device."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="signing_keys")
    public = models.CharField(max_length=64, unique=True)
    device = models.CharField(max_length=100, blank=True)
    bound_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    act = models.ForeignKey("evidence.Act", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.public


class OpenSession(models.Model):
    """A browser in which somebody is signed in. Gone once signed out; what happened stays in :class:`AccountEvent`."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="open_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    how = models.CharField(max_length=16)
    device = models.CharField(max_length=100, blank=True)
    place = models.CharField(max_length=50, blank=True)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return f"{self.device} {self.place}"


class AccountEvent(models.Model):
    """What happened to an account: sign-ins, refused tries, changes of factors. For its owner; never on the log; erased later.

    Attributes:
        what: a code of :data:`yiwang.modules.parties.account_events.WHAT`.
        how: the means, a code of :data:`yiwang.modules.parties.account_events.HOW`; empty when none was used.
        place: a coarse address, never a whole one.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="account_events")
    what = models.CharField(max_length=24)
    how = models.CharField(max_length=16, blank=True)
    ok = models.BooleanField(default=True)
    device = models.CharField(max_length=100, blank=True)
    place = models.CharField(max_length=50, blank=True)
    detail = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["person", "-id"], name="account_event_of")]

    def __str__(self) -> str:
        return f"{self.what} {self.how}"


class Totp(models.Model):
    """A person's code generator (RFC 6238). The secret is encrypted with a key made from the installation's secret key."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="totp")
    secret = models.BinaryField()
    last_step = models.BigIntegerField(default=0)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"totp of {self.person_id}"


class Passkey(models.Model):
    """A passkey (WebAuthn credential) of a person: its public half; the private half never leaves the person's device."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="passkeys")
    credential_id = models.BinaryField(unique=True)
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    name = models.CharField(max_length=100, blank=True)
    synced = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """A code for the day when the other factors are lost; SHA-256 of it, since the code itself is random enough."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"recovery code of {self.person_id}"


from yiwang.modules.parties.account_models import (  # noqa: E402  (they need the tables above)
    Certificate,
    CertificateFactor,
    Endorsement,
    FactorReset,
    Invitation,
)
from yiwang.modules.parties.ban_models import Ban  # noqa: E402

__all__ = [
    "AccountEvent", "Ban", "Certificate", "CertificateFactor", "Endorsement", "FactorReset", "Invitation", "OpenSession", "Organisation",
    "Passkey", "Person", "PersonManager", "RecoveryCode", "SigningKey", "Totp",
]  # fmt: skip
