"""Tables of the center's calendar."""

from __future__ import annotations

from django.db import models


class CenterDay(models.Model):
    """A day on which the center departs from the State Council's arrangement.

    Attributes:
        number: from 1, without gaps; it names the entry: roster 3 is ``calendar/3``.
        kind: ``staffed``: open on a rest day, with people on duty (值班); ``closed``: closed on a workday.
        starts, ends: hours of duty, local time; None for a closure.
        people: names of those on duty. phone: where they are reached.
        withdrawn_at: when the entry was taken back; None while it stands.
    """

    number = models.PositiveIntegerField(unique=True)
    day = models.DateField()
    kind = models.CharField(max_length=8, choices=[("staffed", "staffed"), ("closed", "closed")])
    starts = models.TimeField(null=True)
    ends = models.TimeField(null=True)
    people = models.JSONField(default=list)
    phone = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=200)
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["day", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["day"], condition=models.Q(withdrawn_at=None), name="one_entry_of_the_center_a_day"
            )
        ]

    def __str__(self) -> str:
        return self.chain

    @property
    def chain(self) -> str:
        """Evidence subject of the entry's acts; also the roster's id in a count of the clock."""
        return f"calendar/{self.number}"
