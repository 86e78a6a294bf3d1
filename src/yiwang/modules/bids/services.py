"""What closing and opening need of bids: their commitments while they are secret, their rows, what they said."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from yiwang.modules.bids import sealed
from yiwang.modules.bids.models import Bid


def commitments(tender: Any) -> list[str]:
    """The commitments of the bids that stand, sorted: an order that says nothing of who or when."""
    return sorted(bid.commitment for bid in sealed.of_tender(tender) if bid.standing == "submitted")


def unveil(tender: Any) -> None:
    """Bids need not be secret any longer: fill in the rows of their acts, and write their own."""
    sealed.unveil(tender)


def standing(tender: Any) -> QuerySet[Bid]:
    """The rows of the bids that count, by commitment; there are none before :func:`unveil`."""
    found = Bid.objects.filter(tender=tender, standing__in=["submitted", "opened", "faulty"])
    return found.select_related("tenderer", "lot", "tender").order_by("commitment")


def fill_in(bid: Bid, *, manifest: dict[str, Any] | None, fault: dict[str, Any] | None) -> None:
    """Note what an opened bid says, or why it could not be opened."""
    bid.manifest, bid.fault = manifest, fault
    bid.price = manifest["price"] if manifest else None
    bid.standing = "opened" if fault is None else "faulty"
    bid.save()
