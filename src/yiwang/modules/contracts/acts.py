"""Acts of contracts: both sides sign the same content, then it is registered."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.canonical import digest
from yiwang.modules.contracts import rules
from yiwang.modules.contracts.models import Contract
from yiwang.modules.contracts.states import CONTRACT
from yiwang.modules.evidence import door
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties import acts as parties_acts
from yiwang.modules.tenders import rules as tender_rules
from yiwang.modules.tenders import services as tenders


def sign(*, actor: Actor, tender: str, public: str, signature: str, request_key: str | None = None) -> Contract:
    """One side signs the contract, of a joint bid each member (招标投标法 第31条).

    Its content follows from tender and winning bid; nobody can type another price.

    Args:
        signature: over the statement ``contract`` with the content of :func:`contract_content`.
    """
    with door.enter(CONTRACT.rows["contract.sign"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        content = contract_content(subject)
        signed = parties_acts.signature_of(actor, "contract", content, public, signature)
        contract = Contract.objects.filter(tender=subject).first() or Contract(
            tender=subject, award=subject.award, content=content, sha256=digest(content)
        )
        side = rules.side_of(subject, actor)
        if side == "member":
            contract.member_signatures[actor.organisation.uscc] = signed
        else:
            setattr(contract, f"{side}_signature", signed)
        late: list[str] = []
        if rules.all_signed(contract):
            contract.signed_at = passage.now
            tenders.note(subject, "contract.signed", passage.now)
            sent = tenders.when(subject, "award_notice.sent")
            late = [reason.code for reason in tender_rules.period(subject, tender_rules.NOTICE_TO_CONTRACT, sent, passage.now).reasons]
        contract.save()
        passage.record(
            public={"side": side, "contract_sha256": contract.sha256, "content": content, "signature": signed, "late": late},
            tender=subject,
        )
    return contract


def register(*, actor: Actor, tender: str, request_key: str | None = None) -> Contract:
    """Register the signed contract (招标投标法 第47条: report within 15 days)."""
    with door.enter(CONTRACT.rows["contract.register"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        contract = passage.subject.contract
        contract.registered_at = passage.now
        contract.save()
        tenders.note(passage.subject, "tender_report.filed", passage.now)
        passage.record(public={"contract_sha256": contract.sha256}, tender=passage.subject)
    registered: Contract = contract
    return registered


def contract_content(tender: Any) -> dict[str, Any]:
    """The contract's content: parties, object, price, documents that bind; all from what was tendered and bid."""
    award = tender.award
    members = [{"uscc": member["tenderer"], "name": member["name"]} for member in award.joint[1:]]
    return {
        "tender": tender.number,
        "title": tender.title,
        "buyer": {"uscc": tender.buyer.uscc, "name": tender.buyer.name},
        "supplier": {"uscc": award.tenderer.uscc, "name": award.tenderer.name},
        **({"members": members} if members else {}),
        "price": award.price,
        "documents": [document.sha256 for document in tender.documents.all()],
        "bid": {"envelope_sha256": award.bid.envelope_sha256, "manifest_sha256": award.bid.manifest_sha256},
    }
