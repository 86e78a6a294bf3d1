"""Table of bids: one row per sealed bid that was accepted, from the opening on; before it see :mod:`.sealed`."""

from __future__ import annotations

import uuid

from django.db import models

CHAIN = "bid/"


class Bid(models.Model):
    """A sealed bid. Its row is written when bids are opened (or the tender has failed): before, the database must not
    tell that it exists. What it says is filled in at the opening.

    ``standing``: submitted, replaced, withdrawn; after the opening opened or faulty.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tender = models.ForeignKey("tenders.Tender", models.PROTECT, related_name="bids")
    lot = models.ForeignKey("tenders.Lot", models.PROTECT, related_name="bids")
    tenderer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="bids")
    round = models.PositiveSmallIntegerField(default=1)
    standing = models.CharField(max_length=16, default="submitted")
    envelope_sha256 = models.CharField(max_length=64, unique=True)
    envelope_size = models.BigIntegerField()
    manifest_sha256 = models.CharField(max_length=64)
    commit_salt = models.CharField(max_length=64)
    commitment = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()
    act = models.ForeignKey("evidence.Act", models.PROTECT, null=True, related_name="+")
    manifest = models.JSONField(null=True)
    price = models.BigIntegerField(null=True)
    fault = models.JSONField(null=True)

    class Meta:
        ordering = ["submitted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "tenderer", "round"],
                condition=models.Q(standing__in=["submitted", "opened", "faulty"]),
                name="one_standing_bid",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def chain(self) -> str:
        """Evidence subject of this bid's acts: random, so that it says nothing before the opening."""
        return f"{CHAIN}{self.id.hex}"
