"""Table of the draw of invitees: the list of candidates, how it came about, and the draw in public."""

from __future__ import annotations

from django.db import models


class InviteeDraw(models.Model):
    """How the invited suppliers were found (备选供应商名单和随机抽取, 政府采购货物和服务招标投标管理办法 第14条).

    ``way``: of law/invitees.yaml. ``listed``: ``{"uscc", "name"}`` of the candidates. ``number``: how many are drawn.
    ``watchers``: names of the purchaser's staff who watch. ``drawn``: the draw as far as it went; ``chosen``: whom it found.
    """

    tender = models.OneToOneField("tenders.Tender", models.PROTECT, related_name="invitee_draw")
    way = models.CharField(max_length=32)
    listed = models.JSONField()
    number = models.PositiveSmallIntegerField()
    ground = models.TextField(blank=True)
    watchers = models.JSONField()
    drawn = models.JSONField(default=dict)
    chosen = models.JSONField(default=list)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.tender.number}"

    @property
    def codes(self) -> list[str]:
        """Credit codes of the candidates."""
        return [row["uscc"] for row in self.listed]
