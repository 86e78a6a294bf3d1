"""Rules of contracts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Verdict, verdict
from yiwang.modules.evidence.actors import Actor


def own_signature_missing(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The actor's side has not signed yet."""
    contract = getattr(tender, "contract", None)
    return verdict(
        contract is None or signature_of(contract, side_of(tender, actor), actor) is None,
        "contract.signed",
        Text("您这一方已经签署合同", "your side has signed the contract"),
    )


def both_signed(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Both sides have signed, of a joint bid all members."""
    contract = getattr(tender, "contract", None)
    return verdict(
        contract is not None and contract.signed_at is not None,
        "contract.unsigned",
        Text("合同还没有经双方签署", "both sides must sign the contract first"),
        article="招标投标法 第46条",
    )


def side_of(tender: Any, actor: Actor) -> str:
    """``buyer``, ``supplier``, or ``member``: another member of the joint bid that won."""
    own = actor.organisation.id if actor.organisation is not None else None
    if own == tender.buyer_id:
        return "buyer"
    return "supplier" if own == tender.award.tenderer_id else "member"


def signature_of(contract: Any, side: str, actor: Actor) -> Any:
    """The signature that a side has given, or None."""
    if side == "member":
        return contract.member_signatures.get(actor.organisation.uscc) if actor.organisation else None
    return getattr(contract, f"{side}_signature")


def all_signed(contract: Any) -> bool:
    """Both sides have signed; of a joint bid every member (招标投标法 第31条: together with the buyer)."""
    members = {member["uscc"] for member in contract.content.get("members", ())}
    return bool(contract.buyer_signature and contract.supplier_signature and members <= set(contract.member_signatures))
