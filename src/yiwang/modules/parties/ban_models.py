"""Table of bans from bidding; with :mod:`yiwang.modules.parties.models` the module's tables."""

from __future__ import annotations

from django.db import models


class Ban(models.Model):
    """An organisation may not bid for a time, by a supervisor's decision (``decision``: its document number).

    ``ground`` is a key of ``law/bans.yaml``, ``track`` where it holds. ``since`` and ``until`` are days, both counted.
    ``lifted_at``: from when it does not hold any more; the row stays.
    """

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="bans")
    decision = models.CharField(max_length=100, unique=True)
    authority = models.CharField(max_length=200)
    ground = models.CharField(max_length=32)
    track = models.CharField(max_length=32)
    reason = models.TextField()
    since = models.DateField()
    until = models.DateField(db_index=True)
    imposed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lift_decision = models.CharField(max_length=100, blank=True)

    class Meta:
        app_label = "parties"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.decision} {self.organisation_id}"
