"""What the opening needs of bids: those that stand, in a fixed order; and to fill in what they said."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from yiwang.modules.bids.models import Bid


def standing(tender: Any) -> QuerySet[Bid]:
    """The bids that count, by commitment (an order that says nothing of who or when)."""
    found = Bid.objects.filter(tender=tender, standing__in=["submitted", "opened", "faulty"])
    return found.select_related("tenderer", "lot", "tender").order_by("commitment")


def fill_in(bid: Bid, *, manifest: dict[str, Any] | None, fault: dict[str, Any] | None) -> None:
    """Note what an opened bid says, or why it could not be opened."""
    bid.manifest, bid.fault = manifest, fault
    bid.price = manifest["price"] if manifest else None
    bid.standing = "opened" if fault is None else "faulty"
    bid.save()
