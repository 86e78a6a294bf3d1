"""Acts of the review of an abnormally low price: ask, explain, find. Unproven by more than half: the bid is rejected."""

from __future__ import annotations

from datetime import timedelta

from yiwang.kernel import moment
from yiwang.kernel.award_law import award_law
from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.modules.evaluations import prices, report
from yiwang.modules.evaluations.models import PriceFinding, PriceReview
from yiwang.modules.evaluations.states import EVALUATION
from yiwang.modules.evidence import door
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.experts import selectors as experts
from yiwang.modules.tenders import services as tenders

LONGEST = 5000
"""Characters of a reason or an explanation."""


def ask(
    *, actor: Actor, tender: str, bid: str, reason: str = "", minutes: int = 0, request_key: str | None = None
) -> PriceReview:
    """A member asks, for the committee, a tenderer to explain a price that looks abnormally low.

    Args:
        bid: evidence subject of the bid.
        reason: the committee's own judgement; needed where no published threshold is undercut.
        minutes: how long the tenderer has; 0: the least that the law asks.

    Raises:
        BadInput: no such bid, asked already, too little time, or no ground.
    """
    law = award_law()
    row = EVALUATION.rows["evaluation.ask_price"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject, seat = passage.subject, experts.seat_held(actor, passage.subject)
        found = next((each for each in report.opened(subject) if each.chain == bid), None)
        if found is None:
            raise bad("bid", "没有这份投标", "there is no such bid")
        if PriceReview.objects.filter(tender=subject, bid=bid).exists():
            raise bad("bid", "已经要求过说明", "an explanation was asked for already")
        grounds = prices.triggers(subject).get(bid, ())
        if not grounds and not reason.strip():
            raise bad("reason", "报价没有触及公布的标准，请写明委员会的专业判断",
                      "no published threshold is undercut: say why the committee doubts the price", article=prices.ARTICLE)  # fmt: skip
        length = minutes or law.minutes
        if not law.minutes <= length <= law.most_minutes:
            raise bad("minutes", f"说明时间应为 {law.minutes} 至 {law.most_minutes} 分钟",
                      f"the time to explain is {law.minutes} to {law.most_minutes} minutes", article=law.minutes_article)  # fmt: skip
        review = PriceReview.objects.create(
            tender=subject, bid=bid, tenderer=found.tenderer, seat=seat, reason=said(reason, "reason", empty=True),
            grounds=[{"zh": each.zh, "en": each.en} for each in grounds], asked_at=passage.now,
            until=passage.now + timedelta(minutes=length),
        )  # fmt: skip
        passage.record(
            public={
                "seat": seat.number,
                "bid": bid,
                "grounds": review.grounds,
                "reason": review.reason,
                "until": moment.stamp(review.until),
            },
            tender=subject,
        )
    return review


def explain(*, actor: Actor, tender: str, explanation: str, request_key: str | None = None) -> PriceReview:
    """The tenderer explains how the price is made up, with costs and proof; read by the committee alone."""
    row = EVALUATION.rows["evaluation.explain_price"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        review = prices.asked(passage.subject, actor)
        assert review is not None  # the guard found it
        review.explanation, review.explained_at = said(explanation, "explanation"), passage.now
        review.save()
        passage.record(public={"bid": review.bid}, private={"explanation": review.explanation}, tender=passage.subject)
    return review


def find(
    *, actor: Actor, tender: str, bid: str, proven: bool, reason: str, request_key: str | None = None
) -> PriceFinding:
    """A member finds whether the tenderer has proven that it can perform at its price, with the reason.

    Raises:
        BadInput: this bid does not wait for the member's finding; the reason is missing.
    """
    row = EVALUATION.rows["evaluation.judge_price"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject, seat = passage.subject, experts.seat_held(actor, passage.subject)
        review = next((each for each in prices.to_find(subject, actor, passage.now) if each.bid == bid), None)
        if review is None:
            raise bad("bid", "这份投标没有待您认定的异常低价", "this bid's price does not wait for your finding")
        finding = PriceFinding.objects.create(
            review=review, seat=seat, proven=proven, reason=said(reason, "reason"), at=passage.now
        )
        passage.record(
            public={"seat": seat.number, "bid": bid, "proven": proven, "reason": finding.reason}, tender=subject
        )
    return finding


def said(text: str, field: str, *, empty: bool = False) -> str:
    """A reason or explanation as it is kept; BadInput when it is missing (unless it may be) or too long."""
    words = text.strip()
    if not words and not empty:
        raise bad(field, "请填写", "please fill in", passes=Text("写明理由和依据", "say why and on what grounds"))
    if len(words) > LONGEST:
        raise bad(field, f"最多 {LONGEST} 个字", f"at most {LONGEST} characters")
    return words


__all__ = ["LONGEST", "ask", "explain", "find", "said"]
