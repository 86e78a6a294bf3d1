"""Tables of tenders: the tender, its lots, documents and clarifications."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models


class Tender(models.Model):
    """A tender (招标项目) from entry (进场) to archive.

    Amounts are integer fen. ``events`` holds the moments that the statutory clock counts from, by the clock's event
    names (``tender_doc.issue_start``), as stamps. ``custody`` lists the custodians' one-time public keys by
    position. ``formula`` is the evaluation formula with its parameters. ``upload_grace_minutes``: for so long after
    the deadline the bytes of a bid may finish that was committed to before it. ``joint_bids_allowed``: the notice says that
    joint bids (联合体) are accepted (招标投标法实施条例 第37条).
    ``retender_of``: the failed tender that this one holds again (重新招标).
    """

    number = models.CharField(max_length=32, unique=True)
    title = models.CharField(max_length=300)
    category = models.CharField(max_length=16)
    procedure = models.CharField(max_length=64)
    state = models.CharField(max_length=16, db_index=True)
    buyer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="tenders_bought")
    agency = models.ForeignKey("parties.Organisation", models.PROTECT, null=True, related_name="tenders_run")
    description = models.TextField(blank=True)
    qualification = models.TextField(blank=True)
    funding = models.CharField(max_length=32, default="government")
    region = models.CharField(max_length=100, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    budget = models.BigIntegerField()
    formula = models.JSONField(default=dict)
    custody_threshold = models.PositiveSmallIntegerField(default=3)
    custody = models.JSONField(default=list)
    validity_days = models.PositiveIntegerField(default=90)
    deadline = models.DateTimeField(null=True, db_index=True)
    upload_grace_minutes = models.PositiveSmallIntegerField(default=0)
    joint_bids_allowed = models.BooleanField(default=False)
    events = models.JSONField(default=dict)
    source = models.CharField(max_length=100, blank=True)
    retender_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="retenders")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def chain(self) -> str:
        """Evidence subject of the tender's own acts."""
        return f"tender/{self.number}"

    @property
    def bytes_until(self) -> datetime | None:
        """Until when the bytes of a committed bid may come: the deadline and the published grace; None for a draft."""
        return self.deadline and self.deadline + timedelta(minutes=self.upload_grace_minutes)


class Lot(models.Model):
    """A lot (标段) of a tender, with its price bounds in fen."""

    tender = models.ForeignKey(Tender, models.PROTECT, related_name="lots")
    number = models.CharField(max_length=16, default="1")
    title = models.CharField(max_length=300)
    ceiling = models.BigIntegerField(null=True)
    minimum = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tender", "number"], name="lot_number")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.tender.number}/{self.number}"


class Document(models.Model):
    """A file of a tender: its kind, its name, and its content by hash."""

    tender = models.ForeignKey(Tender, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=32)
    title = models.CharField(max_length=200)
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    attached_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


class Clarification(models.Model):
    """A question about the tender's documents and its answer, or an amendment that the buyer makes unasked.

    Who asked is never shown to anybody but the asker: it would betray a tenderer before the opening.
    """

    tender = models.ForeignKey(Tender, models.PROTECT, related_name="clarifications")
    question = models.TextField(blank=True)
    asked_by = models.ForeignKey("parties.Organisation", models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    new_deadline = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.question or self.answer
