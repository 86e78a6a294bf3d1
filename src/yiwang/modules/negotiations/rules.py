"""Rules of talks: who must be talked to, what may be changed, when the talks may end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from yiwang.kernel import moment
from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, verdict
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.registry import condition
from yiwang.modules.experts import selectors as experts
from yiwang.modules.negotiations.law import book, knows, named
from yiwang.modules.tenders.rounds import deadline_rule


def suppliers(tender: Any) -> list[Any]:
    """The responses whose suppliers negotiate: all that could be opened, in a fixed order."""
    return sorted((bid for bid in bids.opened(tender) if bid.standing == "opened"), key=lambda bid: bid.tenderer.uscc)


def still_talking(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The talks are not over."""
    return verdict(
        not hasattr(tender, "talks_end"), "talks.ended", Text("谈判已经结束", "the talks are over"),
        article=book()["talk"]["article"],
    )  # fmt: skip


def not_talked_to(tender: Any) -> list[str]:
    """Names of the suppliers with whom the group has not talked yet."""
    done = set(tender.talks.values_list("bid_id", flat=True))
    return [bid.tenderer.name for bid in suppliers(tender) if bid.pk not in done]


def all_talked_to(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Every supplier was given the same chance: the group has talked with each (第31条)."""
    missing = not_talked_to(tender)
    return verdict(
        not missing, "talks.missing",
        Text(f"还没有与{'、'.join(missing)}谈判", f"not talked with yet: {', '.join(missing)}"),
        article=book()["talk"]["article"], passes=Text("与每一家供应商分别谈判", "talk with each supplier separately"),
    )  # fmt: skip


@condition("evaluation.submit_sheet")
def talks_are_over(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Whether a response meets the needs is judged once the talks are over."""
    if not knows(tender, "negotiation.close") or hasattr(tender, "talks_end"):
        return YES
    return verdict(
        False, "talks.open", Text("谈判还没有结束", "the talks are not over yet"), article=book()["talk"]["article"],
        passes=Text("先与每一家供应商谈判并结束谈判", "talk with each supplier and end the talks first"),
    )  # fmt: skip


@deadline_rule
def time_for_the_quote(tender: Any, deadline: datetime) -> Verdict:
    """Final quotes have at least the hours that the group gave when it ended the talks (第33条)."""
    ended = getattr(tender.stage_of, "talks_end", None) if knows(tender.stage_of, "negotiation.close") else None
    if ended is None:
        return YES
    earliest = moment.now() + timedelta(hours=ended.quote_hours)
    shown = earliest.astimezone(moment.LOCAL).strftime("%Y-%m-%d %H:%M")
    return verdict(
        deadline >= earliest, "quote.hours",
        Text(f"小组给了 {ended.quote_hours} 小时提交最后报价", f"the group gave {ended.quote_hours} hours for the final quote"),
        article=book()["quote"]["article"], field="deadline", passes=Text(f"不早于 {shown}", f"not before {shown} (Beijing time)"),
        after=earliest,
    )  # fmt: skip


def all_present(tender: Any, present: list[int]) -> Verdict:
    """All members of the group take part in every talk (第31条)."""
    seats = sorted(experts.committee(tender).values_list("number", flat=True))
    if sorted(set(present)) == seats:
        return YES
    absent = "、".join(str(number) for number in seats if number not in present)
    return Verdict(
        bad(
            "present",
            f"小组成员应当全体参加谈判，缺席位 {absent or '无'}",
            f"all members of the group talk together; missing seat {absent or 'none'}",
            code="talks.present", article=book()["talk"]["article"],
            passes=Text("、".join(map(str, seats)), ", ".join(map(str, seats))),
        ).reasons
    )  # fmt: skip


def lawful_change(kind: str, *, confirmed: bool) -> Verdict:
    """Only what the law lets change, and only with the purchaser's representative (第32条)."""
    kinds, article = named("changes"), book()["change"]["article"]
    if kind not in kinds:
        return Verdict(
            bad("kind", f"不得变动“{kind}”", f"“{kind}” may not be changed", article=article,
                passes=Text("、".join(kinds), ", ".join(kinds))).reasons
        )  # fmt: skip
    if not confirmed:
        return Verdict(
            bad("confirmed", "变动须经采购人代表确认", "the purchaser's representative must confirm the change", article=article,
                passes=Text("确认后再通知供应商", "confirm first, then tell the suppliers")).reasons
        )  # fmt: skip
    return YES


def lawful_hours(hours: int) -> Verdict:
    """How long the suppliers have for the final quote (第33条)."""
    rule = book()["quote"]
    least, most = rule["hours_least"], rule["hours_most"]
    if least <= hours <= most:
        return YES
    return Verdict(
        bad("quote_hours", f"最后报价的时间应为 {least} 至 {most} 小时", f"the final quote takes {least} to {most} hours",
            article=rule["article"], passes=Text(f"{least} 至 {most}", f"{least} to {most}")).reasons
    )  # fmt: skip


def lawful_settlement(tender: Any, quotes: list[Any], agreed: int | None, record: str, negotiators: list[str]) -> Verdict:
    """A single source needs a record, those who negotiated, and a price not above the quote (第41、42条); others none of it."""
    if not knows(tender, "source.publicise"):
        fine = agreed is None and not negotiators
        return verdict(
            fine, "settle.framework",
            Text("框架协议的订单以报价为准，不另行议价", "an order under a framework agreement goes by the quotes; nothing is negotiated"),
            field="agreed", passes=Text("留空", "leave it empty"),
        )  # fmt: skip
    found = YES
    article = "政府采购非招标采购方式管理办法 第41条、第42条"
    if not record.strip():
        found &= Verdict(bad("record", "请写明协商情况", "write the record of the negotiation", article=article).reasons)
    if not negotiators:
        found &= Verdict(bad("negotiators", "请写明参加协商的有相关经验的人员", "name those who negotiated", article=article).reasons)
    most = quotes[0].price if quotes else 0
    if agreed is None or not 0 < agreed <= most:
        found &= Verdict(
            bad("agreed", "成交价应大于零且不高于报价", "the agreed price is above zero and not above the quote", article=article,
                passes=Text(f"不高于 {most} 分", f"at most {most} fen")).reasons
        )  # fmt: skip
    return found
