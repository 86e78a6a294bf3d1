"""Acts of bids: submit (a later one replaces the earlier), withdraw."""

from __future__ import annotations

import re
from typing import Any

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.modules.bids import sealed
from yiwang.modules.bids.models import Bid
from yiwang.modules.bids.states import BID
from yiwang.modules.evidence import commitments, door, files
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.tenders import services as tenders
from yiwang.seal import envelope
from yiwang.seal.commitment import bid_commitment
from yiwang.seal.manifest import Context, Custodians


def submit(
    *,
    actor: Actor,
    tender: str,
    content: files.Stored,
    manifest_sha256: str,
    lot: str = "1",
    request_key: str | None = None,
) -> Bid:
    """Accept a sealed bid: an envelope that only the custodians together can open.

    The receipt is the act's place in the log. The act has a chain of its own and a blind row; there is no row of bids
    before the opening. So neither the log nor the database tells that anybody bid.

    Args:
        content: the envelope in the file store; must be sealed for this tender, lot and these custodians.
        manifest_sha256: hash of what is inside, computed by the tenderer's own program before sealing.

    Raises:
        SealError: not a sealed envelope, or sealed for another tender or to other keys.
        BadInput: the same envelope again.
        Refused: the deadline has passed.
    """
    if not re.fullmatch(r"[0-9a-f]{64}", manifest_sha256):
        raise bad("manifest_sha256", "清单哈希应为 64 位十六进制", "the manifest hash must be 64 hex digits")
    with door.enter(BID.rows["bid.submit"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        place = _lot(subject, lot)
        _check_envelope(subject, place.number, content)
        salt = commitments.new_salt().hex()
        bid = Bid(
            tender=subject,
            lot=place,
            tenderer=actor.organisation,
            envelope_sha256=content.sha256,
            envelope_size=content.size,
            manifest_sha256=manifest_sha256,
            commit_salt=salt,
            commitment=bid_commitment(bytes.fromhex(salt), place.number, actor.organisation.uscc, content.sha256, manifest_sha256),
            submitted_at=passage.now,
        )
        passage.record(public=bid_facts(bid), chain=bid.chain, secret=sealed.lists(tender, actor.organisation.uscc))
    bid.act = passage.evidence
    return bid


def withdraw(*, actor: Actor, tender: str, lot: str = "1", request_key: str | None = None) -> Bid:
    """Withdraw the own bid before the deadline (招标投标法 第29条); the sealed file stays, unopened."""
    with door.enter(BID.rows["bid.withdraw"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        bid = _standing(passage.subject, lot, actor.organisation)
        public = {"tender": tender, "lot": lot, "commitment": bid.commitment}
        passage.record(public=public, chain=bid.chain, secret=sealed.lists(tender, actor.organisation.uscc))
        bid.standing = "withdrawn"
    return bid


def bid_facts(bid: Bid) -> dict[str, Any]:
    """What evidence says of a bid; blind until the opening."""
    return {
        "tender": bid.tender.number,
        "lot": bid.lot.number,
        "round": bid.round,
        "tenderer": bid.tenderer.uscc,
        "envelope_sha256": bid.envelope_sha256,
        "envelope_size": bid.envelope_size,
        "manifest_sha256": bid.manifest_sha256,
        "commit_salt": bid.commit_salt,
        "commitment": bid.commitment,
    }


def _standing(tender: Any, lot: str, organisation: Any) -> Bid:
    found = [bid for bid in sealed.of_firm(tender, organisation) if (bid.lot.number, bid.standing) == (lot, "submitted")]
    if not found:
        raise bad("lot", f"您在标段 {lot} 没有有效的投标", f"you have no bid that stands for lot {lot}")
    return found[0]


def _lot(tender: Any, number: str) -> Any:
    found = tender.lots.filter(number=number).first()
    if found is None:
        raise bad("lot", f"没有标段 {number}", f"there is no lot {number}")
    return found


def _check_envelope(tender: Any, lot: str, content: files.Stored) -> None:
    if any(bid.envelope_sha256 == content.sha256 for bid in sealed.of_tender(tender)):
        raise bad("file", "这个密封文件已经提交过", "this sealed file was submitted before", code="bid.duplicate",
                  passes=Text("每次提交都要重新密封", "seal anew for each submission"))
    custodians = Custodians(tuple(tender.custody), tender.custody_threshold)
    with files.path_of(content.sha256).open("rb") as handle:
        envelope.check(handle, Context(tender.number, lot), custodians)
