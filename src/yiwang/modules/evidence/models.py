"""Tables of evidence: acts, the outbox of the sequencer, log entries, checkpoints, notifications.

Acts and log entries are append-only: triggers in the database refuse UPDATE and DELETE, whoever asks.
"""

from __future__ import annotations

import pgtrigger
from django.db import models

APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class Act(models.Model):
    """Something with legal effect that was done, exactly as it was committed to the log.

    ``canonical`` holds the RFC 8785 bytes of the act; ``entry`` is what the log holds of it:
    ``SHA-256(salt || canonical) || SM3(salt || canonical)``.
    """

    act = models.CharField(max_length=64)
    subject = models.CharField(max_length=96)
    seq = models.PositiveIntegerField()
    tender = models.ForeignKey("tenders.Tender", models.PROTECT, null=True, related_name="acts")
    person = models.ForeignKey("parties.Person", models.PROTECT, null=True, related_name="acts")
    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, null=True, related_name="acts")
    role = models.CharField(max_length=32)
    at = models.DateTimeField()
    salt = models.BinaryField(max_length=32)
    canonical = models.BinaryField()
    private = models.JSONField(default=dict)
    private_salt = models.CharField(max_length=64, blank=True)
    entry = models.BinaryField(max_length=64)
    request_key = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001  (many acts have none)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "seq"], name="act_subject_seq")]
        indexes = [models.Index(fields=["tender", "seq"]), models.Index(fields=["act"])]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.subject}#{self.seq} {self.act}"


class Outbox(models.Model):
    """An act that waits for its place in the log; written in the act's own transaction."""

    act = models.OneToOneField(Act, models.PROTECT, related_name="outbox")

    def __str__(self) -> str:
        return f"waiting: {self.act_id}"


class LogEntry(models.Model):
    """The place of an act in the log. The order of everything public is this index."""

    index = models.BigIntegerField(primary_key=True)
    act = models.OneToOneField(Act, models.PROTECT, related_name="log_entry")

    class Meta:
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.index}"


class Checkpoint(models.Model):
    """A signed checkpoint: the log's size and root at some moment, as C2SP signed note."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.size}"


class Notification(models.Model):
    """Tells one organisation or one person that an act was done which they must know."""

    act = models.ForeignKey(Act, models.PROTECT, related_name="notifications")
    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, null=True, related_name="notifications")
    person = models.ForeignKey("parties.Person", models.PROTECT, null=True, related_name="notifications")
    created = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.act}"
