"""Tables of experts: the pool, a tender's draw, and who was seated."""

from __future__ import annotations

from django.db import models


class Expert(models.Model):
    """A member of the pool of evaluators (综合评标专家库)."""

    person = models.OneToOneField("parties.Person", models.PROTECT, related_name="expert")
    code = models.CharField(max_length=32, unique=True)
    disciplines = models.JSONField(default=list)
    employer = models.CharField(max_length=18, blank=True)
    region = models.CharField(max_length=100, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Draw(models.Model):
    """The one draw of a tender's committee; see :mod:`yiwang.seal.draw` for how it is recomputed.

    ``eligible`` (private) lists {code, salt, disciplines} in the order of the leaves; ``excluded`` (private) lists
    {code, reason}. ``shares`` maps party (host, center, supervisor) to {commitment, share}.
    """

    tender = models.OneToOneField("tenders.Tender", models.PROTECT, related_name="draw")
    process = models.JSONField()
    eligible = models.JSONField()
    excluded = models.JSONField()
    leaves = models.JSONField()
    list_root = models.CharField(max_length=64)
    shares = models.JSONField(default=dict)
    last_commit = models.ForeignKey("evidence.Act", models.PROTECT, null=True, related_name="+")
    seed = models.CharField(max_length=64, blank=True)
    order = models.JSONField(default=list)
    answers = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.tender.number}"


class Seat(models.Model):
    """A seat of the committee. Others see its label (评委1), not the person, until the award."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="seats")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="seats")
    number = models.PositiveSmallIntegerField()
    leaf = models.PositiveIntegerField()
    discipline = models.CharField(max_length=32)
    left_at = models.DateTimeField(null=True)
    left_because = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["draw", "expert"], name="seat_once")]

    def __str__(self) -> str:
        return f"{self.draw} {self.number}"
