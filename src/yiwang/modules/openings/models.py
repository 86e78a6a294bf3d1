"""Tables of openings: custodians with their one-time keys, the opening and its confirmations."""

from __future__ import annotations

from django.db import models


class Custodian(models.Model):
    """One of the n custodians of a tender. ``identity`` stays empty until the custodian releases it."""

    tender = models.ForeignKey("tenders.Tender", models.PROTECT, related_name="custodians")
    position = models.PositiveSmallIntegerField()
    person = models.ForeignKey("parties.Person", models.PROTECT, related_name="custodies")
    recipient = models.CharField(max_length=100, blank=True)
    provided_at = models.DateTimeField(null=True)
    identity = models.CharField(max_length=100, blank=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["tender", "position"], name="custodian_position"),
            models.UniqueConstraint(fields=["tender", "person"], name="custodian_person"),
        ]

    def __str__(self) -> str:
        return f"{self.tender.number} {self.position}"


class Opening(models.Model):
    """The closing and the opening of a tender. ``record`` is the opening record (开标记录) as evidence holds it;
    ``hall`` is the state of the opening hall, see :mod:`.hall`.
    """

    tender = models.OneToOneField("tenders.Tender", models.PROTECT, related_name="opening")
    closed_at = models.DateTimeField()
    bids_root = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    opened_at = models.DateTimeField(null=True)
    record = models.JSONField(null=True)
    record_sha256 = models.CharField(max_length=64, blank=True)
    hall = models.JSONField(default=dict)

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
