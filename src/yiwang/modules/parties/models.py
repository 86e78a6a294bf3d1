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
    """Somebody who signs in, acting for an organisation and with at most one standing duty."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=100)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="people")
    duty = models.CharField(max_length=32, blank=True)
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
