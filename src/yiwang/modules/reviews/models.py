"""Tables of reviews: reasons given for findings, and the form that was signed off."""

from __future__ import annotations

from django.db import models


class Justification(models.Model):
    """Why a sentence that the reviewer found stands all the same. ``finding`` names rule and sentence (``Finding.key``)."""

    tender = models.ForeignKey("tenders.Tender", models.PROTECT, related_name="justifications")
    finding = models.CharField(max_length=40)
    rule = models.CharField(max_length=16)
    sentence = models.TextField(blank=True)
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["tender", "finding"], name="one_justification_a_finding")]

    def __str__(self) -> str:
        return f"{self.tender.number} {self.finding}"


class Review(models.Model):
    """The fair-competition form of a tender, as it was signed off last.

    ``answers``: question to ``{"holds", "reason"}``. ``read``: digest of what was read, so that a later change shows.
    """

    tender = models.OneToOneField("tenders.Tender", models.PROTECT, related_name="review")
    form = models.PositiveIntegerField()
    answers = models.JSONField()
    read = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.tender.number} {self.at:%Y-%m-%d}"
