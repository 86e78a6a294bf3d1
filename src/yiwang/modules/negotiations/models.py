"""Tables of negotiations: talks and their end, changed requirements, single source, framework agreements."""

from __future__ import annotations

from django.db import models


class Talk(models.Model):
    """One talk of the group with one supplier (政府采购非招标采购方式管理办法 第31条): what was said is nobody else's to read.

    ``present``: numbers of the seats that took part; all members talk together.
    """

    tender = models.ForeignKey("tenders.Tender", models.PROTECT, related_name="talks")
    bid = models.ForeignKey("bids.Bid", models.PROTECT, related_name="talks")
    round = models.PositiveSmallIntegerField()
    present = models.JSONField()
    record = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["bid", "round"], name="talk_round")]

    def __str__(self) -> str:
        return f"{self.tender.number} {self.bid.tenderer} {self.round}"


class Change(models.Model):
    """A change of the requirements, told in writing to all who negotiate at the same time (第32条). ``to``: credit codes."""

    tender = models.ForeignKey("tenders.Tender", models.PROTECT, related_name="requirement_changes")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16)
    text = models.TextField()
    to = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["tender", "number"], name="change_number")]

    def __str__(self) -> str:
        return f"{self.tender.number} {self.number}"


class TalksEnd(models.Model):
    """The end of the talks: the final requirements, and how many hours there are for the final quote."""

    tender = models.OneToOneField("tenders.Tender", models.PROTECT, related_name="talks_end")
    requirements = models.TextField(blank=True)
    quote_hours = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.tender.number}"


class SourcePublicity(models.Model):
    """The publicity before single-source procurement (单一来源公示): the one supplier, why, and what the experts say.

    ``opinions``: ``{"name", "employer", "title", "opinion"}`` of each expert.
    """

    tender = models.OneToOneField("tenders.Tender", models.PROTECT, related_name="source_publicity")
    supplier = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    ground = models.CharField(max_length=16)
    reason = models.TextField()
    opinions = models.JSONField(default=list)
    starts = models.DateTimeField()
    ends = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.tender.number}"


class SourceObjection(models.Model):
    """An objection to single-source procurement, and what the buyer found (政府采购法实施条例 第38条; 74号令 第39、40条)."""

    tender = models.ForeignKey("tenders.Tender", models.PROTECT, related_name="source_objections")
    by = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
    upheld = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["tender", "by"], name="source_objection_once")]

    def __str__(self) -> str:
        return f"{self.tender.number} {self.by}"


class Choice(models.Model):
    """Whom an order under a framework agreement goes to, and how that came about (第二阶段成交供应商).

    ``manner``: ``compete``, ``direct`` or ``turn``. ``listed``: credit codes of the admitted, in their order. ``turn``:
    which order by turn this is, from 1; 0 for the other manners. ``prices``: of each one's agreement, fen by credit code, and
    ``quantity``: how many units are ordered: together the most that each may quote.
    """

    tender = models.OneToOneField("tenders.Tender", models.PROTECT, related_name="framework_choice")
    manner = models.CharField(max_length=16)
    listed = models.JSONField()
    chosen = models.JSONField()
    turn = models.PositiveIntegerField(default=0)
    prices = models.JSONField(default=dict)
    quantity = models.PositiveIntegerField(default=1)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.tender.number}"


class Application(models.Model):
    """A supplier's application to join an open framework agreement, and what came of it."""

    tender = models.ForeignKey("tenders.Tender", models.PROTECT, related_name="applications")
    supplier = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="framework_applications")
    statement = models.TextField()
    price = models.BigIntegerField()
    at = models.DateTimeField()
    admitted = models.BooleanField(null=True)
    reason = models.TextField(blank=True)
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.tender.number} {self.supplier}"
