"""Acts of closing and opening; those of custody stand in :mod:`.custody_acts` and are named here, too."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.canonical import digest
from yiwang.modules.bids import services as bids
from yiwang.modules.evidence import door, witness_clock
from yiwang.modules.evidence.actors import SYSTEM, Actor
from yiwang.modules.openings import grace, judging, returning
from yiwang.modules.openings.custody_acts import (
    appoint_custodians,
    possession_challenge,
    provide_key,
    refuse,
    release_key,
    replace_custodian,
)
from yiwang.modules.openings.models import Confirmation, Opening
from yiwang.modules.openings.states import OPENING
from yiwang.modules.parties import acts as parties_acts
from yiwang.modules.tenders import services as tenders
from yiwang.seal.commitment import commitments_root

__all__ = [
    "appoint_custodians", "close", "confirm", "confirmation_statement", "open_bids", "possession_challenge", "provide_key",
    "refuse", "release_key", "replace_custodian",
]  # fmt: skip


def close(*, tender: str, actor: Actor = SYSTEM) -> Opening | None:
    """Close bidding: the entry that decides lateness, with the root over all accepted commitments.

    With fewer bids than the law asks the tender has failed instead (招标投标法 第28条); gives None then.
    """
    row = OPENING.rows["opening.close"]
    with door.enter(row, actor, lambda: tenders.locked(tender)) as passage:
        subject = passage.subject
        commitments = bids.commitments(subject)
        root = commitments_root(commitments)
        public = {"bids_root": root, "count": len(commitments), "commitments": commitments, **witness_clock.facts()}
        if ahead := bids.dated_after(subject, passage.now):  # made while our clock was fast and disputed
            public["dated_after"] = ahead
        tenders.note(subject, "bid.closed", passage.now)
        enough = grace.enough(subject, closing=True)
        if not enough:
            passage.row, passage.target = OPENING.rows["tender.fail"], "failed"
            bids.unveil(subject)
            came = grace.count(subject, closing=True)
            public |= {"reason": "too_few_bids", "rule": enough.reasons[0].code, "tenderers": came}
            passage.record(public=public, tender=subject)
            return None
        opening = Opening.objects.create(tender=subject, closed_at=passage.now, bids_root=root, count=len(commitments))
        passage.record(public=public, tender=subject)
    return opening


def open_bids(*, actor: Actor, tender: str, request_key: str | None = None) -> Opening:
    """Open all bids of the tender with the released keys, and write the opening record (开标记录).

    A bid that does not open is listed with the cause and whose fault it is; it holds up no other. So are bids that were
    committed to and whose bytes did not come in the grace, apart from those that are opened.
    """
    with door.enter(OPENING.rows["opening.open"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        released = list(subject.custodians.exclude(identity=""))
        identities = {each.position: each.identity for each in released}
        passage.require(grace.enough(subject))
        bids.unveil(subject)
        returned = returning.give_back(subject, returning.reasons(subject))
        opened = judging.open_all(bids.standing(subject), identities)
        opening = subject.opening
        opening.opened_at = passage.now
        opening.record = {
            "bids_root": opening.bids_root,
            "identities": [{"position": p, "identity": i} for p, i in sorted(identities.items())],
            "bids": opened,
            **grace.not_opened(subject),
            **({"returned": returned} if returned else {}),
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
