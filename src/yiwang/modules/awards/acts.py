"""Acts of awards: publicise candidates, decide, send the award notice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel import lots as pure_lots
from yiwang.kernel import moment
from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.modules.awards import lots, rules, selectors
from yiwang.modules.awards.models import Award, Publicity
from yiwang.modules.awards.states import AWARD
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evaluations import selectors as evaluations
from yiwang.modules.evidence import door
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.experts import selectors as experts
from yiwang.modules.parties import acts as parties_acts
from yiwang.modules.reviews import eligibility
from yiwang.modules.tenders import rules as tender_rules
from yiwang.modules.tenders import services as tenders
from yiwang.modules.tenders.selectors import law_of

RESULT = "result_notice.published"
"""The clock event of procedures in which the result is published with the notice to the winner (中标结果公告)."""


def publicise(*, actor: Actor, tender: str, ends: datetime, request_key: str | None = None) -> Publicity:
    """Publicise the candidates of the signed report.

    Raises:
        Refused: fewer than 3 days (实施条例 第54条), naming the earliest lawful end.
    """
    row = AWARD.rows["candidates.publicise"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        passage.require(tender_rules.period(subject, tender_rules.CANDIDATE_PUBLICITY, passage.now, ends, field="ends"))
        late = tender_rules.period(
            subject, tender_rules.REPORT_TO_PUBLICITY, tenders.when(subject, "evaluation_report.received"), passage.now
        )
        publicity = Publicity.objects.create(
            tender=subject, candidates=subject.report.content["candidates"], starts=passage.now, ends=ends
        )
        tenders.note(subject, "candidate_publicity.start", passage.now)
        tenders.note(subject, "candidate_publicity.end", ends)
        passage.record(
            public={
                "candidates": publicity.candidates,
                "report_sha256": subject.report.sha256,
                "starts": moment.stamp(passage.now),
                "ends": moment.stamp(ends),
                "late": [reason.code for reason in late.reasons],
            },
            tender=subject,
        )
    return publicity


def decide(*, actor: Actor, tender: str, bid: str, reason: str = "", request_key: str | None = None) -> Award:
    """The buyer decides the award among the candidates of the report; where the procedure publicises them, after that.

    Of a project's lots a tenderer wins no more than the notice says: who has won its most is passed over, and the
    evidence names the decisions by which.

    Args:
        bid: evidence subject of the winning candidate's bid.
        reason: why another than the first candidate wins (招标投标法实施条例 第55条; 政府采购法实施条例 第43条).
    """
    with door.enter(AWARD.rows["award.decide"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        candidates = selectors.candidates(subject)
        candidate = next((each for each in candidates if each["bid"] == bid), None)
        if candidate is None:
            raise bad("bid", "不是推荐的中标候选人", "not one of the candidates of the report",
                      passes=Text("从候选人中选择", "choose one of the candidates"))  # fmt: skip
        passage.require(evaluations.decided_for(subject, bid))
        won = lots.won_before(subject) if lots.most_of(subject) else []
        over = lots.passed_over(subject, candidates, won)
        passage.require(rules.somebody_left(candidates, over))
        passage.require(rules.not_passed_over(candidate, over, lots.most_of(subject)))
        passage.require(rules.order_kept(law_of(subject), candidate, pure_lots.first(candidates, over), reason))
        winner = next(each for each in bids.opened(subject) if each.chain == bid)
        passage.require(eligibility.may_win(subject, bids.parties_of([winner]), winner.manifest, passage.now))
        award = Award.objects.create(
            tender=subject,
            bid=winner,
            tenderer=winner.tenderer,
            price=candidate["price"],
            rank=candidate["rank"],
            joint=winner.joint_facts.get("joint", []),
            reason=reason.strip(),
            decided_at=passage.now,
        )
        tenders.note(subject, "winner.determined", passage.now)
        before = {"won_before": won, "passed_over": over} if lots.most_of(subject) else {}
        passage.record(public={**_award_facts(award), "reason": award.reason, **before}, tender=subject)
    return award


def notify(*, actor: Actor, tender: str, public: str, signature: str, request_key: str | None = None) -> Award:
    """Send the award notice (中标通知书), signed over :func:`notice_statement`; losers are told the same result."""
    with door.enter(AWARD.rows["award.notify"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        award = subject.award
        content = notice_statement(award)
        signed = parties_acts.signature_of(actor, "award-notice", content, public, signature)
        award.notice, award.notified_at = {"statement": content, "signature": signed}, passage.now
        award.save()
        tenders.note(subject, "award_notice.sent", passage.now)
        if tenders.happens(subject, RESULT):
            tenders.note(subject, RESULT, passage.now)
        passage.record(public={**award.notice, "committee": _committee(subject)}, tender=subject)
    return award


def notice_statement(award: Award) -> dict[str, Any]:
    """What the buyer signs (kind ``award-notice``)."""
    return _award_facts(award)


def _award_facts(award: Award) -> dict[str, Any]:
    return {
        "tender": award.tender.number,
        "title": award.tender.title,
        "bid": award.bid.chain,
        "tenderer": award.tenderer.uscc,
        "tenderer_name": award.tenderer.name,
        **({"joint": award.joint} if award.joint else {}),
        "price": award.price,
        "rank": award.rank,
    }


def _committee(tender: Any) -> list[dict[str, Any]]:
    """Names with the salts of the drawn leaves: anybody can now check them against the frozen list."""
    drawn = experts.draw(tender)
    if drawn is None:
        return []
    return [
        {
            "seat": seat.number,
            "leaf": seat.leaf,
            "code": seat.expert.code,
            "name": seat.expert.person.name,
            "salt": drawn.eligible[seat.leaf]["salt"],
        }
        for seat in experts.committee(tender)
    ]
