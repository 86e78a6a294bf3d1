"""The grace for bytes of bids that were committed to: nothing is opened before it is over; what never came is told.

Whether enough tenderers bid is asked twice. At closing those count, too, whose bytes may still come: failing then would
take a lawful bid away from a tenderer who is in time. When the grace is over only bids that are here count, and fewer
than the law asks end the tender before any key is released (招标投标法 第28条: 不得开标).
"""

from __future__ import annotations

import json
import logging
from datetime import datetime
from typing import Any

from yiwang.kernel import moment
from yiwang.kernel.errors import Refused
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason, Verdict
from yiwang.modules.bids import services as bids
from yiwang.modules.bids.acts import bid_facts
from yiwang.modules.evidence import door, registry
from yiwang.modules.evidence.actors import SYSTEM, Actor
from yiwang.modules.tenders import selectors as tender_reads
from yiwang.modules.tenders import services as tenders
from yiwang.modules.tenders.rules import after_bytes_end
from yiwang.seal.causes import Whose

log = logging.getLogger(__name__)

Row = dict[str, Any]


@registry.condition("opening.release_key", "opening.open")
def bytes_are_in(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """No key is released and nothing opened while bytes may still come, lest one sees the others' prices and stays away."""
    return after_bytes_end(tender, actor, now)


def count(tender: Any, *, closing: bool = False) -> int:
    """How many tenderers bid; at closing also those whose bytes may still come."""
    return bids.tenderers(tender, pending=closing and tender.upload_grace_minutes > 0)


def enough(tender: Any, *, closing: bool = False) -> Verdict:
    """Whether as many tenderers bid as the law asks."""
    return tender_reads.law_of(tender).check_bids(count(tender, closing=closing))


def fail_short(*, tender: str, actor: Actor = SYSTEM) -> None:
    """The grace is over and too few bids are here: the tender has failed, nothing is opened.

    Raises:
        Refused: the grace is not over, or enough bids are here.
    """
    with door.enter(registry.row_of("tender.fail"), actor, lambda: tenders.locked(tender)) as passage:
        subject = passage.subject
        passage.require(after_bytes_end(subject, actor, passage.now))
        found = enough(subject)
        if found:
            raise Refused(Reason("bids.enough", Text("投标不少于法定人数，应当开标", "there are enough bids: they are to be opened")))
        came = count(subject)
        bids.unveil(subject)
        missing = [bid.commitment for bid in bids.undelivered(subject)]
        closed = closing_of(subject)
        public = {name: closed[name] for name in ("bids_root", "commitments", "count")}
        public |= {"reason": "too_few_bids", "rule": found.reasons[0].code, "tenderers": came, "undelivered": missing}
        passage.record(public=public, tender=subject)


def fail_due(now: datetime) -> int:
    """Fail every closed tender whose grace is over and that has too few bids; gives how many those were."""
    closed = tender_reads.visible_to(SYSTEM).filter(state="closed", upload_grace_minutes__gt=0)
    done = 0
    for found in closed:
        if found.bytes_until and now >= found.bytes_until and not enough(found):
            try:
                fail_short(tender=found.number)
                done += 1
            except Refused as refusal:
                log.info("%s does not fail yet: %s", found.number, refusal)
    return done


def closing_of(tender: Any) -> Row:
    """What the closing entry says: root, count and commitments."""
    act = tender.acts.filter(act="opening.close").get()
    public: Row = json.loads(bytes(act.canonical))["public"]
    return public


def not_opened(tender: Any) -> dict[str, list[Row]]:
    """What stood under the closing root and is not opened, for the record: bids whose bytes never came, and those that
    were replaced in the grace. Keys of what there is none of are left out.
    """
    missing = [_undelivered(bid) for bid in bids.undelivered(tender)]
    by = {(bid.lot_id, bid.tenderer_id): bid.chain for bid in bids.standing(tender)}
    gone = [
        {**bid_facts(bid), "bid": bid.chain, "by": by[bid.lot_id, bid.tenderer_id]}
        for bid in bids.replaced(tender, closing_of(tender)["commitments"])
    ]
    return {name: rows for name, rows in (("undelivered", missing), ("replaced", gone)) if rows}


def _undelivered(bid: Any) -> Row:
    until = bid.tender.bytes_until.astimezone(moment.LOCAL).strftime("%Y-%m-%d %H:%M:%S")
    fault = {
        "cause": "not_delivered",
        "whose": Whose.TENDERER.value,
        "zh": f"截止前登记了密封文件的摘要，但到 {until} 文件没有传完",
        "en": f"the sealed file's hash was on record before the deadline; the file had not come by {until}",
    }
    bids.give_up(bid, fault)
    return {**bid_facts(bid), "bid": bid.chain, "tenderer_name": bid.tenderer.name, "price": None, "fault": fault}
