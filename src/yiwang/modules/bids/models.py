"""Table of bids: one row per sealed bid that was accepted, from the opening on; before it see :mod:`.sealed`."""

from __future__ import annotations

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from yiwang.kernel.text import Text
from yiwang.seal.joint import party_name

CHAIN = "bid/"


class Bid(models.Model):
    """A sealed bid. Its row is written when bids are opened (or the tender has failed): before, the database must not
    tell that it exists. What it says is filled in at the opening.

    ``standing``: committed (the hash is on record, the bytes are not there), submitted, replaced, withdrawn (see
    :mod:`.fold`); after the opening opened or faulty, or undelivered when the bytes never came. ``client``: the program
    that sealed it, as the envelope's header says. ``act`` began the bid, ``delivery`` brought its bytes where that was
    an act of its own. ``joint``: the members of a joint bid whose consent held at the opening, the lead (the tenderer)
    first: credit code, name, share of the work, key that signed; empty otherwise.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tender = models.ForeignKey("tenders.Tender", models.PROTECT, related_name="bids")
    lot = models.ForeignKey("tenders.Lot", models.PROTECT, related_name="bids")
    tenderer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="bids")
    round = models.PositiveSmallIntegerField(default=1)
    standing = models.CharField(max_length=16, default="submitted")
    envelope_sha256 = models.CharField(max_length=64)
    envelope_size = models.BigIntegerField()
    manifest_sha256 = models.CharField(max_length=64)
    commit_salt = models.CharField(max_length=64)
    commitment = models.CharField(max_length=64)
    client = models.CharField(max_length=200, blank=True)
    submitted_at = models.DateTimeField()
    act = models.ForeignKey("evidence.Act", models.PROTECT, null=True, related_name="+")
    delivery = models.ForeignKey("evidence.Act", models.PROTECT, null=True, related_name="+")
    manifest = models.JSONField(null=True)
    price = models.BigIntegerField(null=True)
    fault = models.JSONField(null=True)
    joint = models.JSONField(default=list)

    class Meta:
        ordering = ["submitted_at"]
        indexes = [GinIndex(fields=["joint"], name="bid_members", opclasses=["jsonb_path_ops"])]
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "tenderer", "round"],
                condition=models.Q(standing__in=["submitted", "opened", "faulty"]),
                name="one_standing_bid",
            ),
            models.UniqueConstraint(fields=["tender", "envelope_sha256"], name="envelope_once"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def chain(self) -> str:
        """Evidence subject of this bid's acts: random, so that it says nothing before the opening."""
        return f"{CHAIN}{self.id.hex}"

    @property
    def party(self) -> Text:
        """Who bids, by name: of a joint bid all members."""
        return party_name(self.tenderer.name, [member["name"] for member in self.joint[1:]])

    @property
    def fault_words(self) -> Text:
        """Why it could not be opened; empty when it was."""
        return Text(self.fault["zh"], self.fault["en"]) if self.fault else Text("", "")

    @property
    def joint_facts(self) -> dict[str, list[dict[str, str]]]:
        """Credit codes and names of the members under ``joint``, for results that name who bids; {} when there is one."""
        members = [{"tenderer": member["tenderer"], "name": member["name"]} for member in self.joint]
        return {"joint": members} if members else {}
