"""What the dossier and the audit ask of bids."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.canonical import digest
from yiwang.modules.bids.acts import bid_facts
from yiwang.modules.bids.models import Bid
from yiwang.modules.evidence.findings import Finding, differences, match, said


def signers(tender: str) -> list[str]:
    """Public keys that signed what is inside the opened bids of a tender, base64."""
    found = Bid.objects.filter(tender__number=tender, standing__in=["opened", "faulty"])
    return [bid.manifest["signer"] for bid in found if bid.manifest]


def findings() -> Iterator[Finding]:
    """Bids against the acts of submission; opened ones against the opening record, withdrawn ones against their act."""
    rows = {bid.chain: bid for bid in Bid.objects.select_related("tender", "lot", "tenderer")}
    submitted = {act.subject: act.public for act in said("bid.submit")}
    yield from match("bids.Bid", {chain: bid_facts(bid) for chain, bid in rows.items()}, submitted)
    withdrawn = {act.subject for act in said("bid.withdraw")}
    opened = {bid["bid"]: bid for act in said("opening.open") for bid in act.public["record"]["bids"]}
    for chain, bid in rows.items():
        record = opened.get(chain)
        if record is not None:
            due = {
                "price": record["price"],
                "fault": record["fault"],
                "standing": "faulty" if record["fault"] else "opened",
            }
        else:
            due = {"price": None, "fault": None, "standing": _standing(bid, chain in withdrawn)}
        have = {"price": bid.price, "fault": bid.fault, "standing": bid.standing}
        yield from differences(f"bids.Bid {chain}", have, due)
        if bid.manifest is not None:
            yield from differences(
                f"bids.Bid {chain}", {"manifest": digest(bid.manifest)}, {"manifest": bid.manifest_sha256}
            )


def _standing(bid: Bid, withdrawn: bool) -> str:
    """What a bid that was not opened must be: withdrawn by its act, replaced by a later one, or still submitted."""
    if withdrawn:
        return "withdrawn"
    later = Bid.objects.filter(lot=bid.lot, tenderer=bid.tenderer, round=bid.round, submitted_at__gte=bid.submitted_at)
    return "replaced" if later.exclude(pk=bid.pk).exists() else "submitted"
