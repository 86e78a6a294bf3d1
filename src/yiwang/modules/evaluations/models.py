"""Tables of evaluations: declarations, score sheets, the report and its signatures."""

from __future__ import annotations

from django.db import models


class Declaration(models.Model):
    """An evaluator's signed declaration of no conflict; bids are shown only after it."""

    seat = models.OneToOneField("experts.Seat", models.PROTECT, related_name="declaration")
    signature = models.JSONField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.seat}"


class Sheet(models.Model):
    """A signed score sheet of one evaluator over all bids. Never changed, never deleted."""

    seat = models.OneToOneField("experts.Seat", models.PROTECT, related_name="sheet")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    signature = models.JSONField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.seat}"


class Report(models.Model):
    """The evaluation report (评标报告): the ranking with its arithmetic, and the candidates."""

    tender = models.OneToOneField("tenders.Tender", models.PROTECT, related_name="report")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.tender.number}"


class ReportSignature(models.Model):
    """An evaluator's signature of the report, with a dissent if there is one."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="signatures")
    seat = models.ForeignKey("experts.Seat", models.PROTECT, related_name="+")
    dissent = models.TextField(blank=True)
    signature = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "seat"], name="report_signed_once")]

    def __str__(self) -> str:
        return f"{self.report} {self.seat}"
