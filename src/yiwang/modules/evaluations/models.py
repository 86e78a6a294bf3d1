"""Tables of evaluations: declarations, score sheets, price reviews, the report and its signatures, the award vote."""

from __future__ import annotations

from typing import Any

from django.db import models


class Declaration(models.Model):
    """An evaluator's signed declaration of no conflict; bids are shown only after it."""

    seat = models.OneToOneField("experts.Seat", models.PROTECT, related_name="declaration")
    signature = models.JSONField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.seat}"


class Sheet(models.Model):
    """A signed score sheet of one evaluator over all bids. Never changed, never deleted; see :class:`SheetCorrection`."""

    seat = models.OneToOneField("experts.Seat", models.PROTECT, related_name="sheet")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    signature = models.JSONField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.seat}"

    @property
    def standing(self) -> dict[str, Any]:
        """The content that counts: of the last correction, else the sheet's own."""
        corrections = list(self.corrections.all())
        found: dict[str, Any] = corrections[-1].content if corrections else self.content
        return found


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


class SheetCorrection(models.Model):
    """A sheet handed in again because objective scores differed between members (87号令 第64条), with the reason."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="corrections")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    reason = models.TextField()
    signature = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.sheet}"


class PriceReview(models.Model):
    """The review of an abnormally low price: what set it off, until when the tenderer may explain, what it explained.

    ``bid`` is the bid's evidence subject; ``grounds`` the thresholds it lies under, empty when the committee asks on its own
    judgement (``reason``).
    """

    tender = models.ForeignKey("tenders.Tender", models.PROTECT, related_name="price_reviews")
    bid = models.CharField(max_length=64)
    tenderer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    seat = models.ForeignKey("experts.Seat", models.PROTECT, related_name="+")
    grounds = models.JSONField(default=list)
    reason = models.TextField()
    asked_at = models.DateTimeField()
    until = models.DateTimeField()
    explanation = models.TextField(blank=True)
    explained_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["tender", "bid"], name="price_review_once")]

    def __str__(self) -> str:
        return f"{self.tender.number} {self.bid}"


class PriceFinding(models.Model):
    """One member's finding on an abnormally low price, with the reason."""

    review = models.ForeignKey(PriceReview, models.PROTECT, related_name="findings")
    seat = models.ForeignKey("experts.Seat", models.PROTECT, related_name="+")
    proven = models.BooleanField()
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["seat__number"]
        constraints = [models.UniqueConstraint(fields=["review", "seat"], name="price_finding_once")]

    def __str__(self) -> str:
        return f"{self.review} {self.seat}"


class PriceChange(models.Model):
    """A proposal of the committee upon a bid's price: a correction (算术性修正) or priced deviations (偏差量化).

    ``kind`` and ``content`` are those of :mod:`yiwang.kernel.price_changes`. ``minutes``: how long the tenderer may take to
    confirm a correction; ``until`` is set once more than half agree; ``confirmed`` and ``signature`` are its answer.
    """

    tender = models.ForeignKey("tenders.Tender", models.PROTECT, related_name="price_changes")
    bid = models.CharField(max_length=64)
    tenderer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    seat = models.ForeignKey("experts.Seat", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    content = models.JSONField()
    reason = models.TextField()
    minutes = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    confirmed = models.BooleanField(null=True)
    signature = models.JSONField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.tender.number} {self.bid}"


class PriceVote(models.Model):
    """One member's vote on a proposal upon a bid's price; who is against it says why."""

    change = models.ForeignKey(PriceChange, models.PROTECT, related_name="votes")
    seat = models.ForeignKey("experts.Seat", models.PROTECT, related_name="+")
    agree = models.BooleanField()
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["seat__number"]
        constraints = [models.UniqueConstraint(fields=["change", "seat"], name="price_vote_once")]

    def __str__(self) -> str:
        return f"{self.change} {self.seat}"


class AwardVote(models.Model):
    """The vote of the buyer's award committee (定标委员会, 评定分离): its rule, and what was drawn where votes leave equals."""

    tender = models.OneToOneField("tenders.Tender", models.PROTECT, related_name="award_vote")
    rule = models.JSONField()
    seated_at = models.DateTimeField()
    drawn = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.tender.number}"


class AwardMember(models.Model):
    """A member of the award committee; number 1 votes last: the head speaks after the others."""

    vote = models.ForeignKey(AwardVote, models.PROTECT, related_name="members")
    person = models.ForeignKey("parties.Person", models.PROTECT, related_name="award_seats")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["vote", "person"], name="award_member_once")]

    def __str__(self) -> str:
        return f"{self.vote} {self.number}"


class Ballot(models.Model):
    """One signed open ballot with its reason: bids by their evidence subjects."""

    member = models.ForeignKey(AwardMember, models.PROTECT, related_name="ballots")
    round = models.PositiveSmallIntegerField()
    choice = models.JSONField()
    reason = models.TextField()
    signature = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["round", "member__number"]
        constraints = [models.UniqueConstraint(fields=["member", "round"], name="ballot_once")]

    def __str__(self) -> str:
        return f"{self.member} {self.round}"
