"""Table of admissions: whom a round admits to the next."""

from __future__ import annotations

from django.db import models


class Admission(models.Model):
    """The outcome of a round that ends with an admission (资格预审结果、入围名单).

    ``admitted`` and ``others`` are the rows of :func:`yiwang.kernel.admission.lists`.
    """

    tender = models.OneToOneField("tenders.Tender", models.PROTECT, related_name="admission")
    admitted = models.JSONField()
    others = models.JSONField()
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.tender.number}"

    @property
    def codes(self) -> list[str]:
        """Credit codes of the admitted tenderers; of a joint bid its lead's."""
        return [row["tenderer"] for row in self.admitted]
