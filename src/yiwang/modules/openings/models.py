"""Tables of openings: custodians with their one-time keys, drills, the opening and its confirmations."""

from __future__ import annotations

from django.db import models


class Custodian(models.Model):
    """One of the n custodians of a tender. ``identity`` stays empty until it is released.

    Attributes:
        deputy: of the same body, who may act in the custodian's place by rule (``law/custody.yaml``).
        keys_by: until when the public key is wanted: the planned publication.
        key_by_deputy, released_by_deputy: the deputy gave the key, or released it.
        refused_at, refusal: the custodian declared that the duty cannot be done, and why.
    """

    tender = models.ForeignKey("tenders.Tender", models.PROTECT, related_name="custodians")
    position = models.PositiveSmallIntegerField()
    person = models.ForeignKey("parties.Person", models.PROTECT, related_name="custodies")
    deputy = models.ForeignKey("parties.Person", models.PROTECT, null=True, related_name="deputised_custodies")
    keys_by = models.DateTimeField(null=True)
    recipient = models.CharField(max_length=100, blank=True)
    provided_at = models.DateTimeField(null=True)
    key_by_deputy = models.BooleanField(default=False)
    identity = models.CharField(max_length=100, blank=True)
    released_at = models.DateTimeField(null=True)
    released_by_deputy = models.BooleanField(default=False)
    refused_at = models.DateTimeField(null=True)
    refusal = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["tender", "position"], name="custodian_position"),
            models.UniqueConstraint(fields=["tender", "person"], name="custodian_person"),
            models.UniqueConstraint(fields=["tender", "deputy"], name="custodian_deputy"),
        ]

    def __str__(self) -> str:
        return f"{self.tender.number} {self.position}"


class Drill(models.Model):
    """A drill of custody (演练): named custodians give a drill key and release it at a moment, as at an opening.

    Attributes:
        number: from 1, without gaps.
        threshold: how many releases would have opened the bids.
        opens, ends: from when to when keys are released.
        report: who did it in time, as the act of reporting says it; None before.
    """

    number = models.PositiveIntegerField(unique=True)
    threshold = models.PositiveSmallIntegerField()
    opens = models.DateTimeField()
    ends = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)
    scheduled_at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True)
    report = models.JSONField(null=True)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return self.chain

    @property
    def chain(self) -> str:
        """Evidence subject of the drill's acts."""
        return f"drill/{self.number}"


class DrillKey(models.Model):
    """What one custodian did in a drill."""

    drill = models.ForeignKey(Drill, models.PROTECT, related_name="keys")
    position = models.PositiveSmallIntegerField()
    person = models.ForeignKey("parties.Person", models.PROTECT, related_name="drill_keys")
    recipient = models.CharField(max_length=100, blank=True)
    provided_at = models.DateTimeField(null=True)
    identity = models.CharField(max_length=100, blank=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["drill", "position"], name="drill_key_position"),
            models.UniqueConstraint(fields=["drill", "person"], name="drill_key_person"),
        ]

    def __str__(self) -> str:
        return f"{self.drill} {self.position}"


class Opening(models.Model):
    """The closing and the opening of a tender. ``record`` is the opening record (开标记录) as evidence holds it;
    ``hall`` is the state of the opening hall, see :mod:`.hall`; ``drawn`` what was drawn in it, see
    :mod:`yiwang.seal.public_draw`.
    """

    tender = models.OneToOneField("tenders.Tender", models.PROTECT, related_name="opening")
    closed_at = models.DateTimeField()
    bids_root = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    opened_at = models.DateTimeField(null=True)
    record = models.JSONField(null=True)
    record_sha256 = models.CharField(max_length=64, blank=True)
    hall = models.JSONField(default=dict)
    drawn = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.tender.number}"


class Confirmation(models.Model):
    """A signed confirmation of the opening record by the host, the center's observer or a tenderer."""

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="confirmations")
    person = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=32)
    signature = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["opening", "person"], name="confirm_once")]

    def __str__(self) -> str:
        return f"{self.opening} {self.role}"
