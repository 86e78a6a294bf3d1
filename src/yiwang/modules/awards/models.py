"""Tables of awards: the candidates' publicity, and the award with its notice."""

from __future__ import annotations

from django.db import models


class Publicity(models.Model):
    """The publicity of candidates (中标候选人公示)."""

    tender = models.OneToOneField("tenders.Tender", models.PROTECT, related_name="publicity")
    candidates = models.JSONField()
    starts = models.DateTimeField()
    ends = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.tender.number}"


class Award(models.Model):
    """The award: who won at what price (fen), why, and the award notice (中标通知书)."""

    tender = models.OneToOneField("tenders.Tender", models.PROTECT, related_name="award")
    bid = models.OneToOneField("bids.Bid", models.PROTECT, related_name="award")
    tenderer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="awards")
    price = models.BigIntegerField()
    rank = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField()
    notice = models.JSONField(null=True)
    notified_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.tender.number} {self.tenderer}"
