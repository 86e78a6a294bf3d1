"""Acts of bids: submit, or commit first and deliver the bytes later; withdraw. A later bid replaces the earlier."""

from __future__ import annotations

import re
from typing import Any

from yiwang.kernel.errors import bad
from yiwang.kernel.rules import limit
from yiwang.kernel.text import Text
from yiwang.modules.bids import envelopes, sealed
from yiwang.modules.bids.fold import ALIVE, COMMITTED, SUBMITTED
from yiwang.modules.bids.models import Bid
from yiwang.modules.bids.states import BID
from yiwang.modules.evidence import commitments, door, files
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.tenders import services as tenders
from yiwang.seal.causes import Cause, tenderers
from yiwang.seal.commitment import bid_commitment

MOST_CLIENT = 200
"""Characters of a sealing program's name; all blind rows have one length, so it is bounded."""


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
        content: the stored envelope; must be sealed for this tender, lot and these custodians.
        manifest_sha256: hash of what is inside, computed by the tenderer's own program before sealing.

    Raises:
        SealError: not a sealed envelope, or sealed for another tender or to other keys.
        BadInput: the same envelope again.
        Refused: the deadline has passed.
    """
    _check_hash("manifest_sha256", manifest_sha256)
    with door.enter(BID.rows["bid.submit"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        place = _lot(passage.subject, lot)
        _refuse_again(passage.subject, content.sha256)
        header = envelopes.check(passage.subject, place.number, content.sha256)
        _check_client(header.client)
        bid = _begin(passage, place, (content.sha256, content.size, manifest_sha256, header.client))
    bid.act = passage.evidence
    return bid


def commit(
    *,
    actor: Actor,
    tender: str,
    envelope_sha256: str,
    envelope_size: int,
    manifest_sha256: str,
    client: str,
    lot: str = "1",
    request_key: str | None = None,
) -> Bid:
    """Commit to a sealed bid by its hash, before its bytes are here; :func:`deliver` follows, within the published grace.

    In time is who commits before the deadline, however slow the line. The commitment binds: no other file can follow.
    Until the bytes have come an earlier bid of the tenderer stands.

    Args:
        envelope_sha256: hex SHA-256 of the sealed file.
        envelope_size: its bytes, at most 4 GiB.
        manifest_sha256: hash of what is inside, computed by the tenderer's own program before sealing.
        client: the program that sealed it, as the envelope's header says; compared at delivery.

    Raises:
        BadInput: a malformed hash, size or client, or an envelope that was committed to before.
        Refused: the deadline has passed.
    """
    _check_hash("envelope_sha256", envelope_sha256)
    _check_hash("manifest_sha256", manifest_sha256)
    _check_size(envelope_size)
    _check_client(client)
    with door.enter(BID.rows["bid.commit"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        place = _lot(passage.subject, lot)
        _refuse_again(passage.subject, envelope_sha256)
        bid = _begin(passage, place, (envelope_sha256, envelope_size, manifest_sha256, client))
        bid.standing = COMMITTED
    bid.act = passage.evidence
    return bid


def deliver(
    *, actor: Actor, tender: str, content: files.Stored, lot: str = "1", request_key: str | None = None
) -> Bid:
    """The bytes of a bid that was committed to are here: from now on it stands, and replaces what it was to replace.

    Args:
        content: the stored envelope; its hash and size must be those of an own commitment that stands.

    Raises:
        BadInput: there is no such commitment, or its bytes have come already.
        SealError: not a sealed envelope, for another tender, to other keys, or by another program than it was committed to.
        Refused: the deadline and the published grace are over.
    """
    with door.enter(BID.rows["bid.deliver"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        bid = _pending(passage.subject, lot, actor.organisation, content)
        header = envelopes.check(passage.subject, lot, content.sha256)
        if header.client != bid.client:
            raise tenderers(Cause.BAD_HEADER, f"登记的密封程序是 {bid.client}，文件中为 {header.client}",
                            f"committed to as sealed by {bid.client}; it says {header.client}")  # fmt: skip
        passage.record(
            public=delivery_facts(bid), chain=bid.chain, secret=sealed.lists(tender, actor.organisation.uscc)
        )
        bid.standing = SUBMITTED
    bid.delivery = passage.evidence
    return bid


def withdraw(*, actor: Actor, tender: str, lot: str = "1", request_key: str | None = None) -> Bid:
    """Withdraw the own bid before the deadline (招标投标法 第29条); the sealed file stays, unopened.

    All that the tenderer has for the lot is withdrawn, a replacement on its way as well as the bid that it was to replace.
    """
    with door.enter(BID.rows["bid.withdraw"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        bid = _standing(passage.subject, lot, actor.organisation)
        public = {"tender": tender, "lot": lot, "commitment": bid.commitment}
        passage.record(public=public, chain=bid.chain, secret=sealed.lists(tender, actor.organisation.uscc))
        bid.standing = "withdrawn"
    return bid


def bid_facts(bid: Bid) -> dict[str, Any]:
    """What evidence says of a bid when it begins; blind until the opening. Bids of before ``client`` was told have none."""
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
        **({"client": bid.client} if bid.client else {}),
    }


def delivery_facts(bid: Bid) -> dict[str, Any]:
    """What evidence says when the bytes of a committed bid have come."""
    return {
        "tender": bid.tender.number,
        "lot": bid.lot.number,
        "tenderer": bid.tenderer.uscc,
        "envelope_sha256": bid.envelope_sha256,
        "envelope_size": bid.envelope_size,
        "commitment": bid.commitment,
        "client": bid.client,
    }


def _begin(passage: door.Passage, lot: Any, said: tuple[str, int, str, str]) -> Bid:
    """A new bid with its commitment, recorded; ``said``: hash and size of the file, hash of the manifest, client."""
    envelope_sha256, size, manifest_sha256, client = said
    salt, firm = commitments.new_salt(), passage.actor.organisation
    bid = Bid(
        tender=passage.subject,
        lot=lot,
        tenderer=firm,
        envelope_sha256=envelope_sha256,
        envelope_size=size,
        manifest_sha256=manifest_sha256,
        client=client,
        commit_salt=salt.hex(),
        commitment=bid_commitment(salt, lot.number, firm.uscc, envelope_sha256, manifest_sha256),
        submitted_at=passage.now,
    )
    passage.record(public=bid_facts(bid), chain=bid.chain, secret=sealed.lists(passage.subject.number, firm.uscc))
    return bid


def _standing(tender: Any, lot: str, organisation: Any) -> Bid:
    """The newest of the own bids for a lot that stand or wait for their bytes."""
    found = [bid for bid in sealed.of_firm(tender, organisation) if bid.lot.number == lot and bid.standing in ALIVE]
    if not found:
        raise bad("lot", f"您在标段 {lot} 没有有效的投标", f"you have no bid that stands for lot {lot}")
    return found[-1]


def _pending(tender: Any, lot: str, organisation: Any, content: files.Stored) -> Bid:
    """The own commitment to just this file."""
    own = [bid for bid in sealed.of_firm(tender, organisation) if bid.envelope_sha256 == content.sha256]
    if not own or own[0].lot.number != lot or own[0].envelope_size != content.size:
        raise bad("file", "您没有登记过这个密封文件的摘要", "you have not committed to this sealed file", code="bid.not_committed",
                  passes=Text("与登记时完全相同的文件", "the very file that you committed to"))  # fmt: skip
    if own[0].standing != COMMITTED:
        words = _NOT_PENDING[own[0].standing]
        raise bad("file", words.zh, words.en, code="bid.not_pending")
    return own[0]


_NOT_PENDING = {
    "submitted": Text("这个密封文件已经传完", "this sealed file is here already"),
    "replaced": Text("这份投标已经被后来的投标替换", "a later bid of yours has replaced this one"),
    "withdrawn": Text("这份投标已经撤回", "this bid was withdrawn"),
}


def _lot(tender: Any, number: str) -> Any:
    found = tender.lots.filter(number=number).first()
    if found is None:
        raise bad("lot", f"没有标段 {number}", f"there is no lot {number}")
    return found


def _check_hash(field: str, value: str) -> None:
    if not re.fullmatch(r"[0-9a-f]{64}", value):
        what = Text("清单哈希", "the manifest hash") if field == "manifest_sha256" else Text("文件哈希", "the file's hash")
        raise bad(field, f"{what.zh}应为 64 位十六进制", f"{what.en} must be 64 hex digits")


def _check_size(size: int) -> None:
    most = limit("NL-16")["most"]
    if not 0 < size <= most:
        raise bad("envelope_size", f"密封文件应有 1 至 {most} 字节", f"a sealed file has 1 to {most} bytes", code="NL-16",
                  passes=Text("压缩附件后重新密封", "compress the documents and seal again"))  # fmt: skip


def _check_client(client: str) -> None:
    if not re.fullmatch(rf"[ -~]{{1,{MOST_CLIENT}}}", client):
        raise bad("client", f"密封程序名应为 1 至 {MOST_CLIENT} 个可见的 ASCII 字符",
                  f"the sealing program's name has 1 to {MOST_CLIENT} printable ASCII characters")  # fmt: skip


def _refuse_again(tender: Any, envelope_sha256: str) -> None:
    if sealed.mentions(tender, envelope_sha256):
        raise bad("file", "这个密封文件已经提交过", "this sealed file was submitted before", code="bid.duplicate",
                  passes=Text("每次提交都要重新密封", "seal anew for each submission"))
