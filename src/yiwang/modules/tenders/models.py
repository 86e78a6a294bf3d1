"""Tables of tenders: the project, the tender, its lots, documents, clarifications and suspensions."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models


class Project(models.Model):
    """A project (招标项目) whose lots (标段, 包) are tenders of their own, entered and published together.

    ``lots_most``: the most lots that one tenderer may win (兼投不兼中); None: as many as it wins.
    """

    number = models.CharField(max_length=32, unique=True)
    title = models.CharField(max_length=300)
    buyer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="projects_bought")
    agency = models.ForeignKey("parties.Organisation", models.PROTECT, null=True, related_name="projects_run")
    lots_most = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Tender(models.Model):
    """A tender (招标项目) from entry (进场) to archive.

    Amounts are integer fen. ``events`` holds the moments that the statutory clock counts from, by the clock's event
    names (``tender_doc.issue_start``), as stamps. ``custody`` lists the custodians' one-time public keys by
    position. ``formula`` is the evaluation formula with its parameters. ``upload_grace_minutes``: for so long after
    the deadline the bytes of a bid may finish that was committed to before it. ``joint_bids_allowed``: the notice says that
    joint bids (联合体) are accepted (招标投标法实施条例 第37条).
    ``retender_of``: the failed tender that this one holds again (重新招标).
    ``procedure_version``: the version of the procedure under which the tender began and which it keeps.
    ``project``: the project whose lot (标段) this tender is. ``stage_of``: the earlier round of which this is the next
    (as after a prequalification, a first stage ...). ``invitees``: credit codes of who was invited (邀请招标).
    ``reserved_for``: ``small``: for small enterprises only (专门面向中小企业); empty: for all.
    ``required_documents``: what every bid must hold: ``{"code", "zh", "en", "part"}``.
    ``bid_bond``: the sum asked as bid bond (投标保证金), fen; 0: none.
    ``law``: of a procedure of the center's own: the SHA-256 of each of its documents, by name (:mod:`yiwang.kernel.own_law`).
    ``still_until``: until when the tender stands still by its suspensions; None: it does not.
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
    procedure_version = models.PositiveIntegerField(default=1)
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="tenders")
    stage_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="stages")
    invitees = models.JSONField(default=list)
    reserved_for = models.CharField(max_length=16, blank=True, default="")
    required_documents = models.JSONField(default=list)
    bid_bond = models.BigIntegerField(default=0)
    still_until = models.DateTimeField(null=True)
    law = models.JSONField(default=dict)

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


class Suspension(models.Model):
    """An interval in which the tender stands still (暂停): ``until`` is None while it lasts.

    ``kind``: ``objection``, ``complaint``, ``order`` or ``force_majeure``. ``by``: code of the role that suspended.
    """

    tender = models.ForeignKey(Tender, models.PROTECT, related_name="suspensions")
    kind = models.CharField(max_length=16)
    reason = models.TextField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    by = models.CharField(max_length=32)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.tender.number} {self.kind}"
