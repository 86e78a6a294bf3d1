"""Acts of custody, closing and opening."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from yiwang.kernel import procedures
from yiwang.kernel.canonical import digest
from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.modules.bids import services as bids
from yiwang.modules.bids.acts import bid_facts
from yiwang.modules.evidence import door, files
from yiwang.modules.evidence.actors import SYSTEM, Actor
from yiwang.modules.openings.models import Confirmation, Custodian, Opening
from yiwang.modules.openings.states import OPENING
from yiwang.modules.parties import acts as parties_acts
from yiwang.modules.parties import selectors as parties
from yiwang.modules.tenders import services as tenders
from yiwang.seal import keys
from yiwang.seal.causes import Cause, SealError, Whose
from yiwang.seal.commitment import commitments_root
from yiwang.seal.manifest import Context
from yiwang.seal.opening import Expected, Opened, open_envelope


def appoint_custodians(
    *, actor: Actor, tender: str, custodians: list[str], threshold: int = 3, request_key: str | None = None
) -> list[Custodian]:
    """Appoint the n custodians whose k keys open the bids, from at least two bodies.

    Args:
        custodians: user names of people with the duty of a custodian.
        threshold: k, how many must release their keys.

    Raises:
        BadInput: unknown people, a k that is less than 2 or more than n, all from one body, the buyer's own people.
    """
    with door.enter(OPENING.rows["custody.appoint"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        people = [_custodian(name, subject) for name in dict.fromkeys(custodians)]
        _check_custody(people, threshold)
        if subject.custodians.exclude(recipient="").exists():
            raise bad("custodians", "已有保管人提供了公钥，不能重新指定", "a custodian has given a key already; no new appointment")
        subject.custodians.all().delete()
        subject.custody, subject.custody_threshold = [], threshold
        appointed = Custodian.objects.bulk_create(
            Custodian(tender=subject, position=n, person=person) for n, person in enumerate(people)
        )
        passage.record(
            public={
                "threshold": threshold,
                "custodians": [
                    {"position": n, "person": person.pseudonym(subject.chain), "body": person.organisation.name}
                    for n, person in enumerate(people)
                ],
            },
            tender=subject,
        )
    return appointed


def provide_key(*, actor: Actor, tender: str, recipient: str, request_key: str | None = None) -> Custodian:
    """A custodian gives the public half of a one-time key made on the own machine.

    Raises:
        BadInput: not an age recipient, or one that another custodian or tender uses already.
    """
    recipient = keys.check_recipient(recipient)
    with door.enter(OPENING.rows["custody.provide_key"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        if Custodian.objects.filter(recipient=recipient).exists():
            raise bad("recipient", "这把公钥已经用过，一次性密钥不能重复使用", "this key was used before; one-time keys are used once")
        custodian = passage.subject.custodians.get(person=actor.person)
        custodian.recipient, custodian.provided_at = recipient, passage.now
        custodian.save()
        everyone = list(passage.subject.custodians.all())
        if all(each.recipient for each in everyone):
            passage.subject.custody = [each.recipient for each in everyone]
        passage.record(public={"position": custodian.position, "recipient": recipient}, tender=passage.subject)
    return custodian


def close(*, tender: str, actor: Actor = SYSTEM) -> Opening | None:
    """Close bidding: the entry that decides lateness, with the root over all accepted commitments.

    With fewer bids than the law asks the tender has failed instead (招标投标法 第28条); gives None then.
    """
    row = OPENING.rows["opening.close"]
    with door.enter(row, actor, lambda: tenders.locked(tender)) as passage:
        subject = passage.subject
        commitments = bids.commitments(subject)
        procedure = procedures.load(subject.procedure)
        root = commitments_root(commitments)
        public = {"bids_root": root, "count": len(commitments), "commitments": commitments}
        tenders.note(subject, "bid.closed", passage.now)
        enough = procedure.check_bids(len(commitments))
        if not enough:
            passage.row, passage.target = OPENING.rows["tender.fail"], "failed"
            bids.unveil(subject)
            passage.record(public={**public, "reason": "too_few_bids", "rule": enough.reasons[0].code}, tender=subject)
            return None
        opening = Opening.objects.create(tender=subject, closed_at=passage.now, bids_root=root, count=len(commitments))
        passage.record(public=public, tender=subject)
    return opening


def release_key(*, actor: Actor, tender: str, identity: str, request_key: str | None = None) -> Custodian:
    """A custodian publishes the secret half of the one-time key, after closing.

    Raises:
        BadInput: the key is not the one whose public half the custodian gave.
    """
    with door.enter(OPENING.rows["opening.release_key"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        custodian = passage.subject.custodians.get(person=actor.person)
        secret = keys.identity_in(identity)
        if not keys.check_identity(secret, custodian.recipient):
            raise bad("identity", "这不是您为本项目提供的密钥", "this is not the key that you gave for this tender",
                      passes=Text("当初为本项目下载的密钥文件", "the key file that you saved for this tender"), code="custody.wrong_key")
        custodian.identity, custodian.released_at = secret, passage.now
        custodian.save()
        passage.record(
            public={"position": custodian.position, "recipient": custodian.recipient, "identity": custodian.identity},
            tender=passage.subject,
        )
    return custodian


def open_bids(*, actor: Actor, tender: str, request_key: str | None = None) -> Opening:
    """Open all bids of the tender with the released keys, and write the opening record (开标记录).

    A bid that does not open is listed with the cause and whose fault it is; it holds up no other.
    """
    with door.enter(OPENING.rows["opening.open"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        released = list(subject.custodians.exclude(identity=""))
        identities = {each.position: each.identity for each in released}
        bids.unveil(subject)
        opened = [_open_one(bid, identities) for bid in bids.standing(subject)]
        opening = subject.opening
        opening.opened_at = passage.now
        opening.record = {
            "bids_root": opening.bids_root,
            "identities": [{"position": p, "identity": i} for p, i in sorted(identities.items())],
            "bids": opened,
        }
        opening.record_sha256 = digest(opening.record)
        opening.save()
        tenders.note(subject, "opening.start", passage.now)
        passage.record(public={"record": opening.record, "record_sha256": opening.record_sha256}, tender=subject)
    done: Opening = opening
    return done


def confirm(*, actor: Actor, tender: str, public: str, signature: str, request_key: str | None = None) -> Confirmation:
    """Confirm the opening record with a signature over the statement of :func:`confirmation_statement`."""
    with door.enter(OPENING.rows["opening.confirm"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        opening = passage.subject.opening
        content = confirmation_statement(opening)
        signed = parties_acts.signature_of(actor, "opening-record", content, public, signature)
        confirmation = Confirmation.objects.create(
            opening=opening,
            person=actor.person,
            organisation=actor.organisation,
            role=passage.role,
            signature=signed,
            at=passage.now,
        )
        passage.record(public={"statement": content, "signature": signed}, tender=passage.subject)
    return confirmation


def confirmation_statement(opening: Opening) -> dict[str, Any]:
    """What one signs (kind ``opening-record``) to confirm the opening record."""
    return {"tender": opening.tender.number, "record_sha256": opening.record_sha256}


def _open_one(bid: Any, identities: dict[int, str]) -> dict[str, Any]:
    facts = {**bid_facts(bid), "bid": bid.chain, "tenderer_name": bid.tenderer.name}
    expected = Expected(
        Context(bid.tender.number, bid.lot.number, bid.round), bid.tenderer.uscc, bid.envelope_sha256
    )
    try:
        with files.path_of(bid.envelope_sha256).open("rb") as handle:
            found = open_envelope(handle, identities, expected=expected)
            _check_opened(bid, found)
            for document in found.documents.values():
                files.store(_pieces(document.file))
    except (SealError, FileNotFoundError) as error:
        fault = _fault(error)
        bids.fill_in(bid, manifest=None, fault=fault)
        return {**facts, "price": None, "fault": fault}
    bids.fill_in(bid, manifest=found.manifest.json(), fault=None)
    return {**facts, "price": found.manifest.price, "fault": None}


def _check_opened(bid: Any, found: Opened) -> None:
    """What is inside must be what the tenderer committed to, and hers: signed by a key bound to her people."""
    if found.manifest_sha256 != bid.manifest_sha256:
        detail = Text("清单与投标时的承诺不一致", "the manifest is not the one committed to")
        raise SealError(Cause.BAD_MANIFEST, Whose.TENDERER, detail)
    if found.manifest.price is None:
        raise SealError(Cause.BAD_MANIFEST, Whose.TENDERER, Text("没有报价", "it holds no price"))
    if not parties.is_key_of(bid.tenderer, found.manifest.signer):
        detail = Text("签名密钥不属于该投标人", "the signing key is not bound to this tenderer")
        raise SealError(Cause.SIGNATURE_INVALID, Whose.TENDERER, detail)


def _fault(error: Exception) -> dict[str, str]:
    if isinstance(error, SealError):
        return {"cause": error.cause.value, "whose": error.whose.value, "zh": error.text.zh, "en": error.text.en}
    return {
        "cause": "missing",
        "whose": Whose.CENTER.value,
        "zh": "交易中心丢失了密封文件",
        "en": "the center has lost the sealed file",
    }


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(1 << 20):
        yield piece


def _custodian(username: str, tender: Any) -> Any:
    person = parties.person_named(username)
    if person is None or person.duty != "custodian" or person.organisation is None:
        raise bad("custodians", f"“{username}”不是密钥保管人", f"“{username}” is no custodian",
                  passes=Text("从保管人名录中选择", "choose from the register of custodians"))
    if person.organisation_id in (tender.buyer_id, tender.agency_id):
        raise bad("custodians", f"{person.name}是招标方的人", f"{person.name} belongs to the buying side")
    return person


def _check_custody(people: list[Any], threshold: int) -> None:
    total = len(people)
    if not 2 <= threshold <= total or total > 9:
        raise bad("threshold", f"应有 2 至 {total} 位保管人共同开标", f"between 2 and {total} custodians must be needed",
                  passes=Text("例如 5 人中任意 3 人", "e.g. any 3 of 5"))
    if len({person.organisation_id for person in people}) < 2:
        raise bad("custodians", "保管人应来自两个以上单位", "the custodians must come from at least two bodies")
