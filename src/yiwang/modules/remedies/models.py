"""Tables of remedies: objections (and queries) with their answers, complaints with all that became of them."""

from __future__ import annotations

from django.db import models


class Objection(models.Model):
    """An objection (异议; in government procurement a query, 质疑) and the buyer's answer.

    ``kind``: a key of law/remedies.yaml's kinds. ``interest``: what concerns an objector who did not bid.
    """

    tender = models.ForeignKey("tenders.Tender", models.PROTECT, related_name="objections")
    kind = models.CharField(max_length=16)
    text = models.TextField()
    interest = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.tender.number} {self.kind}"

    @property
    def waits(self) -> bool:
        """Whether it is neither answered nor withdrawn."""
        return self.answered_at is None and self.withdrawn_at is None


class Complaint(models.Model):
    """A complaint (投诉) to the supervising department.

    ``objection``: the objection or query that came first; None where none is asked for. ``kind``: that objection's, or
    ``other``. ``received_at``: when it came, or came complete after a correction that was asked for.
    ``department``, ``industry``, ``ground``, ``order``: keys of law/remedies.yaml.
    ``document``: the decision, by the hash of the file; ``number``: the decision's. ``done_at``: when the supervisor found
    carried out what was ordered, or lifted the suspension.
    """

    tender = models.ForeignKey("tenders.Tender", models.PROTECT, related_name="complaints")
    objection = models.ForeignKey(Objection, models.PROTECT, null=True, related_name="complaints")
    kind = models.CharField(max_length=16)
    text = models.TextField()
    request = models.TextField()
    interest = models.CharField(max_length=200, blank=True)
    industry = models.CharField(max_length=16, blank=True)
    department = models.CharField(max_length=32)
    by = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    accept_by = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)
    missing = models.TextField(blank=True)
    correction = models.TextField(blank=True)
    accepted_at = models.DateTimeField(null=True)
    decide_by = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    ground = models.CharField(max_length=32, blank=True)
    reasons = models.TextField(blank=True)
    suspended_at = models.DateTimeField(null=True)
    suspended_until = models.DateTimeField(null=True)
    suspension = models.CharField(max_length=100, blank=True)
    done_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, blank=True)
    order = models.CharField(max_length=32, blank=True)
    number = models.CharField(max_length=100, blank=True)
    document = models.CharField(max_length=64, blank=True)
    document_name = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.tender.number} {self.kind}"

    @property
    def standing(self) -> str:
        """Where it stands: filed, returned, accepted, refused, decided or withdrawn."""
        ends = (("withdrawn", self.withdrawn_at), ("decided", self.decided_at), ("refused", self.refused_at), ("accepted", self.accepted_at))
        return next((name for name, at in ends if at is not None), "returned" if self.missing and not self.correction else "filed")

    @property
    def living(self) -> bool:
        """Whether the department still has to deal with it."""
        return self.standing in ("filed", "returned", "accepted")
