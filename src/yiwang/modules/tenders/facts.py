"""What evidence says of a tender: the public part of its entry and of its notice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from yiwang.modules.tenders.models import Lot, Tender


def facts(tender: Tender, lots: Iterable[Lot]) -> dict[str, Any]:
    """What the entry and the notice say. What a tender does not use is left out, so that old evidence keeps its bytes."""
    return {
        **_optional(tender),
        "number": tender.number,
        "title": tender.title,
        "category": tender.category,
        "procedure": tender.procedure,
        "buyer": {"uscc": tender.buyer.uscc, "name": tender.buyer.name},
        "agency": {"uscc": tender.agency.uscc, "name": tender.agency.name} if tender.agency else None,
        "funding": tender.funding,
        "budget": tender.budget,
        "lots": [{"number": lot.number, "title": lot.title, "ceiling": lot.ceiling, "minimum": lot.minimum} for lot in lots],
        "formula": tender.formula,
        "validity_days": tender.validity_days,
        "custody_threshold": tender.custody_threshold,
    }


def invited(tender: Tender) -> dict[str, Any]:
    """Who was invited, for the entry alone, which is public from the opening: before it nobody may know (招标投标法 第22条)."""
    return {"invitees": list(tender.invitees)} if tender.invitees else {}


def _optional(tender: Tender) -> dict[str, Any]:
    said: dict[str, Any] = {
        "upload_grace_minutes": tender.upload_grace_minutes,
        "joint_bids_allowed": tender.joint_bids_allowed,
        "retender_of": tender.retender_of.number if tender.retender_of else "",
        "procedure_version": tender.procedure_version if tender.procedure_version != 1 else 0,
        "project": project_facts(tender),
        "stage_of": tender.stage_of.number if tender.stage_of else "",
        "reserved_for": tender.reserved_for,
        "required_documents": tender.required_documents,
        "bid_bond": tender.bid_bond,
        "law": tender.law,
    }
    return {name: value for name, value in said.items() if value}


def project_facts(tender: Tender) -> dict[str, Any]:
    """The project whose lot the tender is; empty when it is of none."""
    if tender.project is None:
        return {}
    most = tender.project.lots_most
    return {"number": tender.project.number, "title": tender.project.title, **({"lots_most": most} if most else {})}
