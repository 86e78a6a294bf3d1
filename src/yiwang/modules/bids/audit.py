"""What the dossier and the audit ask of bids."""

from __future__ import annotations

from yiwang.modules.bids.models import Bid


def signers(tender: str) -> list[str]:
    """Public keys that signed what is inside the opened bids of a tender, base64."""
    found = Bid.objects.filter(tender__number=tender, standing__in=["opened", "faulty"])
    return [bid.manifest["signer"] for bid in found if bid.manifest]
