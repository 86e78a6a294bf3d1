"""Tables of outreach: marks given in the survey, and how often something was fetched to check a result."""

from __future__ import annotations

from django.db import models


class Opinion(models.Model):
    """What one person answered in one period. ``token`` tells a second answer of the same person from the first one; it
    is keyed with the site's secret, so that the table alone does not say who answered.
    """

    period = models.CharField(max_length=7)
    token = models.CharField(max_length=64)
    role = models.CharField(max_length=16)
    marks = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "token"], name="one_opinion_a_period")]

    def __str__(self) -> str:
        return f"{self.period} {self.role}"


class Fetched(models.Model):
    """How often on one day (Asia/Shanghai) something was fetched with which one checks results."""

    day = models.DateField()
    what = models.CharField(max_length=16)
    times = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "what"], name="one_count_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.what}"
