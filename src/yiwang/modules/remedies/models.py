"""Table of remedies: objections and their answers."""

from __future__ import annotations

from django.db import models


class Objection(models.Model):
    """An objection (异议) to the documents, the opening or the result, and the buyer's answer."""

    tender = models.ForeignKey("tenders.Tender", models.PROTECT, related_name="objections")
    kind = models.CharField(max_length=16)
    text = models.TextField()
    by = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.tender.number} {self.kind}"
