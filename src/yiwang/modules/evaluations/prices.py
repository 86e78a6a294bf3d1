"""Abnormally low prices: which bids must be reviewed, what has been asked and found (财库〔2026〕2号, 实施条例 第51条)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel import moment
from yiwang.kernel.formula_price import abnormally_low, outside
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, no, verdict
from yiwang.modules.evaluations import changes
from yiwang.modules.evaluations.models import PriceReview
from yiwang.modules.evaluations.rules import contents
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.experts import selectors as experts

ARTICLE = "财库〔2026〕2号"


def reviews(tender: Any) -> dict[str, dict[str, Any]]:
    """The reviews of low prices as the report states them: bid -> grounds, reason, until, explained, findings by seat."""
    found = PriceReview.objects.filter(tender=tender).prefetch_related("findings__seat")
    return {
        each.bid: {
            "grounds": each.grounds,
            "reason": each.reason,
            "until": moment.stamp(each.until),
            "explained": each.explained_at is not None,
            "findings": [
                {"seat": one.seat.number, "proven": one.proven, "reason": one.reason}
                for one in each.findings.all()
                if one.seat.left_at is None
            ],
        }
        for each in found
    }


def triggers(tender: Any) -> dict[str, tuple[Text, ...]]:
    """Which bids' prices must be reviewed and why, as things stand: by the opened bids, once all sheets are in by the valid."""
    from yiwang.modules.evaluations import report  # it reads the reviews from here

    rule = tender.formula.get("abnormal")
    if not rule:
        return {}
    given = contents(tender)
    if given is not None:
        return {row.bid: row.abnormal for row in report.ranking(tender, given)[1].results if row.abnormal}
    price = tender.formula.get("price") or {}
    quotes = {
        bid: quote for bid, quote in changes.quotes(tender, report.opened(tender)).items() if not outside(quote, price)
    }
    return abnormally_low(rule, quotes, price.get("ceiling"))


def all_reviewed(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """No report before every abnormally low price was asked about and every member has found on it."""
    if not tender.formula.get("abnormal") and not tender.price_reviews.all():
        return YES
    known = reviews(tender)
    names = _names(tender)
    if contents(tender) is not None:
        for bid in sorted(triggers(tender).keys() - known.keys()):
            who = names.get(bid, bid)
            return no(
                "price.unasked",
                Text(
                    f"{who} 的报价异常低，应先要求其说明",
                    f"the price of {who} is abnormally low; ask for an explanation first",
                ),
                article=ARTICLE,
            )
    size = experts.committee(tender).count()
    for bid, row in sorted(known.items()):
        missing = size - len(row["findings"])
        if missing:
            who = names.get(bid, bid)
            return no(
                "price.unfound",
                Text(
                    f"{who} 的异常低价还有 {missing} 位评委没有认定",
                    f"{missing} members have not found on the low price of {who}",
                ),
                article=ARTICLE,
            )
    return YES


def may_ask(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """There is no report yet, and the asking member has declared."""
    return verdict(not hasattr(tender, "report"), "report.made", Text("评标报告已经形成", "the report is made already"))


def is_asked(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The acting firm was asked to explain its price, has not done so, and still may."""
    found = asked(tender, actor)
    if found is None or found.explained_at is not None:
        return no("price.none", Text("没有要求贵单位说明报价", "you are not asked to explain your price"))
    until = f"{found.until.astimezone(moment.LOCAL):%H:%M}"
    return verdict(
        now <= found.until,
        "price.late",
        Text(f"说明的时间已于 {until} 截止", f"the time to explain ended at {until}"),
        article=ARTICLE,
    )


def asked(tender: Any, actor: Actor) -> PriceReview | None:
    """The review in which the acting firm is asked to explain."""
    if actor.organisation is None:
        return None
    return PriceReview.objects.filter(tender=tender, tenderer=actor.organisation).order_by("-id").first()


def to_find(tender: Any, actor: Actor, now: datetime | None = None) -> list[PriceReview]:
    """The reviews on which the acting member has still to find: explained, or past their time."""
    seat, at = experts.own_seat(actor, tender), now or moment.now()
    if seat is None:
        return []
    found = PriceReview.objects.filter(tender=tender).exclude(findings__seat=seat)
    return [each for each in found if each.explained_at is not None or at > each.until]


def has_to_find(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """There is a review on which the acting member has still to find."""
    return verdict(
        bool(tender.price_reviews.all()) and bool(to_find(tender, actor, now)),
        "price.nothing",
        Text(
            "没有待认定的异常低价：尚未要求说明、说明时间未到，或者您已经认定",
            "no low price waits for your finding: none was asked about, the time runs, or you have found",
        ),
    )


def _names(tender: Any) -> dict[str, str]:
    from yiwang.modules.evaluations.report import opened

    return {bid.chain: str(bid.party) for bid in opened(tender)}
