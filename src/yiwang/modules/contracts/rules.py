"""Rules of contracts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Verdict, verdict
from yiwang.modules.evidence.actors import Actor


def own_signature_missing(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The actor's side has not signed yet."""
    side = side_of(tender, actor)
    contract = getattr(tender, "contract", None)
    return verdict(
        contract is None or getattr(contract, f"{side}_signature") is None,
        "contract.signed",
        Text("您这一方已经签署合同", "your side has signed the contract"),
    )


def both_signed(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Both sides have signed."""
    contract = getattr(tender, "contract", None)
    return verdict(
        contract is not None and contract.signed_at is not None,
        "contract.unsigned",
        Text("合同还没有经双方签署", "both sides must sign the contract first"),
        article="招标投标法 第46条",
    )


def side_of(tender: Any, actor: Actor) -> str:
    """``buyer`` or ``supplier``."""
    return "buyer" if actor.organisation is not None and actor.organisation.id == tender.buyer_id else "supplier"
