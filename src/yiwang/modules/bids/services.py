"""What closing and opening need of bids: their commitments while they are secret, their rows, what they said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, BinaryIO

from django.db.models import QuerySet

from yiwang.modules.bids import envelopes, sealed
from yiwang.modules.bids.fold import ALIVE, SUBMITTED
from yiwang.modules.bids.models import Bid


def commitments(tender: Any) -> list[str]:
    """The commitments of the bids that stand, their bytes here or still to come, sorted: an order that says nothing of
    who or when.
    """
    return sorted(bid.commitment for bid in sealed.of_tender(tender) if bid.standing in ALIVE)


def dated_after(tender: Any, now: datetime) -> list[str]:
    """The commitments of bids that by their moment come after ``now``: made while the clock was fast, and disputed."""
    return sorted(bid.commitment for bid in sealed.of_tender(tender) if bid.standing in ALIVE and bid.submitted_at > now)


def tenderers(tender: Any, *, pending: bool = False) -> int:
    """How many tenderers have a bid that stands, counted by lot; a replacement on its way makes no second one.

    Args:
        pending: count also those of whose bids no bytes have come yet, but still may.
    """
    counted = ALIVE if pending else (SUBMITTED,)
    return len({(bid.lot.number, bid.tenderer_id) for bid in sealed.of_tender(tender) if bid.standing in counted})


def unveil(tender: Any) -> None:
    """Bids need not be secret any longer: fill in the rows of their acts, and write their own."""
    sealed.unveil(tender)


def standing(tender: Any) -> QuerySet[Bid]:
    """The rows of the bids that count, by commitment; there are none before :func:`unveil`."""
    return _rows(tender, "submitted", "opened", "faulty")


def standing_tenderers(tender: Any) -> list[str]:
    """Credit codes of who has a bid that counts, each once; none before :func:`unveil`."""
    return list(standing(tender).order_by().values_list("tenderer__uscc", flat=True).distinct())


def undelivered(tender: Any) -> QuerySet[Bid]:
    """The rows of bids whose bytes never came, by commitment."""
    return _rows(tender, "committed", "undelivered")


def replaced(tender: Any, closed: Iterable[str]) -> QuerySet[Bid]:
    """The rows of bids that were under the closing root (its commitments) and were replaced in the grace."""
    return _rows(tender, "replaced").filter(commitment__in=list(closed))


def _rows(tender: Any, *standings: str) -> QuerySet[Bid]:
    found = Bid.objects.filter(tender=tender, standing__in=standings)
    return found.select_related("tenderer", "lot", "tender").order_by("commitment")


def give_up(bid: Bid, fault: dict[str, Any]) -> None:
    """Note that the bytes of a bid never came, and whose fault that is."""
    bid.standing, bid.fault = "undelivered", fault
    bid.save()


def give_back(bid: Bid, fault: dict[str, Any]) -> None:
    """Note that a bid is returned unopened, and why."""
    bid.standing, bid.fault = "returned", fault
    bid.save()


def sealed_file(bid: Bid) -> BinaryIO:
    """The sealed file of a bid, to read; FileNotFoundError when it is gone."""
    return envelopes.opened(bid.envelope_sha256)


def fill_in(
    bid: Bid, *, manifest: dict[str, Any] | None, fault: dict[str, Any] | None, joint: Iterable[dict[str, Any]] = ()
) -> None:
    """Note what an opened bid says and who bids jointly, or why it could not be opened."""
    bid.manifest, bid.fault, bid.joint = manifest, fault, list(joint)
    bid.price = manifest["price"] if manifest else None
    bid.standing = "opened" if fault is None else "faulty"
    bid.save()
