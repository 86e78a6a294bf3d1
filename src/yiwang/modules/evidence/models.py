"""Tables of evidence: acts, the outbox of the sequencer, log entries, checkpoints, cosignatures, notifications.

Acts and log entries are append-only: triggers in the database refuse UPDATE and DELETE, whoever asks.
"""

from __future__ import annotations

import pgtrigger
from django.db import models

APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)

BLIND = "blind"
"""What the column ``act`` holds of an act whose existence is secret; see :mod:`.blind`."""

NEVER_DELETED = pgtrigger.Protect(name="append_only_delete", operation=pgtrigger.Delete)
ONLY_UNVEILED = pgtrigger.Protect(
    name="append_only_update",
    operation=pgtrigger.Update,
    condition=pgtrigger.Condition(
        f"OLD.act <> '{BLIND}' OR NEW.act = '{BLIND}' OR NEW.id <> OLD.id OR NEW.entry <> OLD.entry"
        " OR sha256(NEW.salt || NEW.canonical) <> substring(OLD.entry FROM 1 FOR 32)"
    ),
)
"""An act's row never changes but in one way: a blind one is filled in, once, with the content that gives its entry."""


class Act(models.Model):
    """Something with legal effect that was done, exactly as it was committed to the log.

    ``canonical`` holds the RFC 8785 bytes of the act; ``entry`` is what the log holds of it:
    ``SHA-256(salt || canonical) || SM3(salt || canonical)``. Of a blind act all columns but ``entry`` say nothing;
    ``listed`` and ``owned`` are the handles by which the program finds it (:mod:`.blind`).
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
    listed = models.CharField(max_length=64, null=True)  # noqa: DJ001
    owned = models.CharField(max_length=64, null=True)  # noqa: DJ001

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "seq"], name="act_subject_seq"),
            models.UniqueConstraint(fields=["listed"], condition=models.Q(listed__isnull=False), name="act_listed"),
            models.UniqueConstraint(fields=["owned"], condition=models.Q(owned__isnull=False), name="act_owned"),
        ]
        indexes = [models.Index(fields=["tender", "seq"]), models.Index(fields=["act"])]
        triggers = [NEVER_DELETED, ONLY_UNVEILED]

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


class Cosignature(models.Model):
    """A witness's signature of a checkpoint. ``line`` is the note's line without its newline, as the witness sent it.

    ``witness`` is the policy's name for the key at that time, ``key`` what the line itself says: key name and short id;
    ``time`` is the witness's own, ``kept`` our machine's.
    """

    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="cosignatures")
    witness = models.CharField(max_length=255)
    key = models.CharField(max_length=300)
    line = models.TextField()
    time = models.DateTimeField()
    kept = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["checkpoint", "key"], name="one_cosignature_of_a_key")]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.witness} {self.checkpoint_id}"


class Witness(models.Model):
    """How a witness did when it was last asked; kept by the worker, read by the pages. Times are our machine's.

    ``size`` is the largest tree that it is known to have cosigned, ``seen`` the time in its last cosignature, ``since``
    when it came into this state. ``least`` and ``most``: between which seconds its clock minus the database's lay at
    ``measured`` (by the database's clock); see :mod:`.witness_clock`.
    """

    name = models.CharField(max_length=255, primary_key=True)
    url = models.TextField(blank=True)
    state = models.CharField(max_length=16)
    size = models.BigIntegerField(null=True)
    seen = models.DateTimeField(null=True)
    error_zh = models.TextField(blank=True)
    error_en = models.TextField(blank=True)
    since = models.DateTimeField()
    asked = models.DateTimeField()
    least = models.FloatField(null=True)
    most = models.FloatField(null=True)
    measured = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"


class WitnessAlarm(models.Model):
    """A witness said that our log was set back or changed: never deleted, whatever the witness says later."""

    name = models.CharField(max_length=255)
    state = models.CharField(max_length=16)
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    said_zh = models.TextField(blank=True)
    said_en = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.name}: {self.state} {self.size}"


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
