"""Tables of awards: the candidates' publicity, and the award with its notice."""

from __future__ import annotations

from django.db import models

from yiwang.kernel.text import Text
from yiwang.modules.awards.admission_models import Admission  # noqa: F401  (a table of this app)
from yiwang.modules.awards.invitee_models import InviteeDraw  # noqa: F401  (a table of this app)
from yiwang.seal.joint import party_name


class Publicity(models.Model):
    """The publicity of candidates (中标候选人公示)."""

    tender = models.OneToOneField("tenders.Tender", models.PROTECT, related_name="publicity")
    candidates = models.JSONField()
    starts = models.DateTimeField()
    ends = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.tender.number}"

    @property
    def first_party(self) -> Text:
        """The first candidate, by name: of a joint bid all members."""
        first = self.candidates[0]
        return party_name(first["name"], [member["name"] for member in first.get("joint", ())][1:])


class Award(models.Model):
    """The award: who won at what price (fen), why, and the award notice (中标通知书).

    ``joint``: of a joint bid its members' credit codes and names, the lead (the tenderer) first; empty otherwise.
    """

    tender = models.OneToOneField("tenders.Tender", models.PROTECT, related_name="award")
    bid = models.OneToOneField("bids.Bid", models.PROTECT, related_name="award")
    tenderer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="awards")
    price = models.BigIntegerField()
    rank = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField()
    joint = models.JSONField(default=list)
    notice = models.JSONField(null=True)
    notified_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.tender.number} {self.tenderer}"

    @property
    def party(self) -> Text:
        """Who won, by name: of a joint bid all members."""
        return party_name(self.tenderer.name, [member["name"] for member in self.joint[1:]])
