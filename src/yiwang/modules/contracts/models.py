"""Table of contracts."""

from __future__ import annotations

from django.db import models


class Contract(models.Model):
    """The contract of an award: its content, both signatures, its registration. Price in fen, as awarded.

    ``member_signatures``: of a joint bid the other members' signatures by credit code; each of them signs, too.
    """

    tender = models.OneToOneField("tenders.Tender", models.PROTECT, related_name="contract")
    award = models.OneToOneField("awards.Award", models.PROTECT, related_name="contract")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    buyer_signature = models.JSONField(null=True)
    supplier_signature = models.JSONField(null=True)
    member_signatures = models.JSONField(default=dict)
    signed_at = models.DateTimeField(null=True)
    registered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.tender.number}"
