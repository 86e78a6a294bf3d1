"""Two envelopes end together: when the first fails or is ended, the system ends the second, and its sealed files are returned
unopened (公路工程建设项目招标投标管理办法 第37条、第38条: 未通过的报价信封不予开启).
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from yiwang.kernel.errors import Refused
from yiwang.kernel.text import Text
from yiwang.modules.bids import services as bids
from yiwang.modules.evidence import door, registry
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.actors import SYSTEM
from yiwang.modules.openings import grace
from yiwang.modules.tenders import selectors as tender_reads
from yiwang.modules.tenders import services as tenders
from yiwang.modules.tenders.rounds import shares_deadline

log = logging.getLogger(__name__)

ENDS = {"failed": "tender.fail", "terminated": "tender.terminate"}
"""By which act a round came to its end."""
CAUSE = "earlier_ended"
WORDS = {
    "failed": Text("第一信封招标失败，本信封不予开启，原样退还", "the first envelope failed; this one stays closed and is returned as it is"),
    "terminated": Text("第一信封已经终止，本信封不予开启，原样退还", "the first envelope was ended; this one stays closed and is returned as it is"),
}


def end_later(*, tender: str) -> None:
    """End a second envelope whose first has come to its end: it fails as that did, or is terminated as that was. One that is not
    published yet is terminated.

    Evidence names the act that ended the first, and the commitments of the sealed files that are returned.
    """
    found: Any = tender_reads.tender(SYSTEM, tender)
    how = "failed" if found.stage_of.state == "failed" and found.state != "draft" else "terminated"
    with door.enter(registry.row_of(ENDS[how]), SYSTEM, lambda: tenders.locked(tender)) as passage:
        subject = passage.subject
        first = subject.stage_of
        act = evidence.acts_of(first).filter(act=ENDS[first.state]).latest("seq")
        passage.record(
            public={
                "reason": WORDS[first.state].zh if how == "terminated" else CAUSE, "earlier": first.number,
                "entry": bytes(act.entry).hex(), **_returned(subject),
            },
            tender=subject,
        )  # fmt: skip


def end_due(now: datetime) -> int:
    """End every second envelope whose first has ended; gives how many those were. One that takes bids still when the first has
    failed closes first, so that its bids are under a closing root.
    """
    waiting = tender_reads.visible_to(SYSTEM).filter(
        state__in=("draft", "tendering", "closed"), stage_of__isnull=False, stage_of__state__in=ENDS
    )  # fmt: skip
    done = 0
    for found in waiting.exclude(state="tendering", stage_of__state="failed").order_by("id"):
        if not shares_deadline(found):
            continue
        try:
            end_later(tender=found.number)
            done += 1
        except Refused as refusal:
            log.info("%s does not end yet: %s", found.number, refusal)
    return done


def _returned(tender: Any) -> dict[str, Any]:
    """The sealed files that are returned once bidding is closed; before that nobody knows of them, and they stay sealed."""
    if tender.state != "closed":
        return {}
    why = WORDS[tender.stage_of.state]
    fault = {"cause": CAUSE, "whose": "", "zh": why.zh, "en": why.en}
    bids.unveil(tender)
    for bid in bids.standing(tender):
        bids.give_back(bid, fault)
    kept = {bid.commitment for bid in bids.undelivered(tender)}
    return {"returned": {"commitments": [each for each in grace.closing_of(tender)["commitments"] if each not in kept], "fault": fault}}
