"""Tables of certificates, invitations and resets; with :mod:`yiwang.modules.parties.models` the module's tables."""

from __future__ import annotations

import re
import uuid

from django.db import models
from django.db.models import Q

from yiwang.modules.parties.models import Organisation, Person, SigningKey


class Certificate(models.Model):
    """A certificate of an organisation (机构数字证书), issued by a licensed authority and bound by a member.

    Attributes:
        chain: base64 of the DER of each certificate, the holder's first, the authority's last.
        revoked_at: from when signatures do not count any more; those made before do.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="certificates")
    fingerprint = models.CharField(max_length=64, unique=True)
    chain = models.JSONField()
    subject = models.CharField(max_length=500)
    issuer = models.CharField(max_length=500)
    serial = models.CharField(max_length=64)
    key = models.CharField(max_length=32)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField(db_index=True)
    sandbox = models.BooleanField(default=False)
    bound_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    bound_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_why = models.CharField(max_length=200, blank=True)
    act = models.ForeignKey("evidence.Act", models.PROTECT, null=True, related_name="+")

    class Meta:
        app_label = "parties"
        ordering = ["not_after", "id"]

    def __str__(self) -> str:
        return _common_name(self.subject)

    @property
    def authority(self) -> str:
        """What its issuer is mostly called."""
        return _common_name(self.issuer)


def _common_name(name: str) -> str:
    """The CN of a distinguished name, else the whole."""
    found = re.match(r"(?:.*, )?CN=([^,]+)", name)
    return found[1] if found else name


class Endorsement(models.Model):
    """A certificate has signed that a person's key signs for the organisation."""

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="endorsements")
    key = models.ForeignKey(SigningKey, models.PROTECT, related_name="endorsements")
    at = models.DateTimeField()
    act = models.ForeignKey("evidence.Act", models.PROTECT, null=True, related_name="+")

    class Meta:
        app_label = "parties"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["certificate", "key"], name="one_endorsement")]

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.key_id}"


class CertificateFactor(models.Model):
    """A person uses the organisation's certificate as second factor."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="certificate_factor")
    certificate = models.ForeignKey(Certificate, models.CASCADE, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        app_label = "parties"

    def __str__(self) -> str:
        return f"certificate of {self.person_id}"


class Invitation(models.Model):
    """An organisation invites somebody who has an account; gone once accepted, declined or too old."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    username = models.CharField(max_length=100, db_index=True)
    parts = models.JSONField()
    invited_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    until = models.DateTimeField(db_index=True)
    act = models.ForeignKey("evidence.Act", models.PROTECT, null=True, related_name="+")

    class Meta:
        app_label = "parties"
        ordering = ["until"]
        constraints = [models.UniqueConstraint(fields=["organisation", "username"], name="one_invitation")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.username}"


class FactorReset(models.Model):
    """Somebody's lost factors are to be reset: asked by one, agreed to by another, then the person may object for a while.

    Attributes:
        due_at: when it is carried out unless the person objects; None while nobody has agreed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="resets")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="resets")
    reason = models.CharField(max_length=500)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    agreed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(null=True, db_index=True)
    objected_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    objected_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "parties"
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"], condition=Q(objected_at=None, done_at=None), name="one_open_reset"
            )
        ]

    def __str__(self) -> str:
        return f"reset of {self.person_id}"

    @property
    def open(self) -> bool:
        """Whether it is neither carried out nor objected to."""
        return self.done_at is None and self.objected_at is None
