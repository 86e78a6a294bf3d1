"""Reads of evaluations. A sheet is its author's alone until the report is made; all are public with the candidates."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from yiwang.modules.evaluations.models import Report, Sheet
from yiwang.modules.evidence.actors import Actor, has_role
from yiwang.modules.experts import selectors as experts

PUBLIC_FROM = ("publicity", "awarded", "contracted", "archived")
"""States from which the report is public (招标投标法实施条例 第54条)."""


def own_sheet(actor: Actor, tender: Any) -> Sheet | None:
    """The acting evaluator's own sheet."""
    seat = experts.own_seat(actor, tender)
    return Sheet.objects.filter(seat=seat).first() if seat else None


def sheets(actor: Actor, tender: Any) -> QuerySet[Sheet]:
    """The sheets that the actor may read: all of them for the committee once the report is made, then for all."""
    found = Sheet.objects.filter(seat__draw__tender=tender).select_related("seat").order_by("seat__number")
    if report(actor, tender) is not None:
        return found
    return found.filter(seat=experts.own_seat(actor, tender)) if actor.known else found.none()


def report(actor: Actor, tender: Any) -> Report | None:
    """The report, for those who may read it now: the committee at once, the host once signed, everybody in publicity."""
    found = Report.objects.filter(tender=tender).first()
    if found is None or tender.state in PUBLIC_FROM:
        return found
    if has_role("evaluator", actor, tender):
        return found
    host = has_role("buyer", actor, tender) or has_role("agency", actor, tender) or actor.duty == "supervisor"
    return found if host and found.signed_at else None
