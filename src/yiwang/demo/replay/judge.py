"""Our winner beside the recorded one: they agree, or the reason why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from yiwang.demo.replay.table import Auction, RecordedBid
from yiwang.kernel.text import Text

CLASSES: dict[str, Text] = {
    "agree": Text("一致", "agree"),
    "tie": Text("最低价并列", "lowest prices are equal"),
    "no_recorded_winner": Text("没有记录中标人", "no winner recorded"),
    "several_recorded_winners": Text("记录了几个中标人", "several winners recorded"),
    "recorded_exclusion": Text("记录中排除了最低价者", "the record excludes the lowest"),
    "recorded_out_of_bounds": Text("记录的中标价超出限价", "the recorded winner is out of bounds"),
    "all_rejected": Text("全部报价超出限价，招标失败", "all out of bounds: the tender failed"),
    "too_few_bids": Text("投标人不足三个，招标失败", "fewer than three bids: the tender failed"),
    "faulty_data": Text("数据有误，没有重演", "faulty data, not played"),
    "refused": Text("被规则拒绝", "refused by a rule"),
    "differs": Text("不一致，原因不明", "differs, unexplained"),
}
"""How an auction may end, in the order in which the summary lists them."""

UNEXPLAINED = ("refused", "differs")


@dataclass(frozen=True)
class Outcome:
    """What the played tender came to: its end state, the winner's recorded id, ids of equals in first place."""

    state: str
    winner: str = ""
    price: int | None = None
    equals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """A class of :data:`CLASSES` and the reason in a sentence."""

    kind: str
    why: Text


def judge(auction: Auction, outcome: Outcome) -> Judgement:
    """Compare the outcome with the record."""
    recorded = [bid for bid in auction.bids if bid.won]
    tests: tuple[Callable[[Auction, Outcome, list[RecordedBid]], Judgement | None], ...] = (
        _failed,
        _unclear_record,
        _tie,
        _agree,
        _excluded,
        _out_of_bounds,
    )
    for test in tests:
        found = test(auction, outcome, recorded)
        if found is not None:
            return found
    first = recorded[0]
    return Judgement("differs", Text(f"记录中标人 {first.name} {first.price}", f"recorded: {first.name}, {first.price} fen"))


def faulty(auction: Auction) -> Judgement:
    """The judgement on an auction whose lines have faults."""
    told = [fault.told() for fault in auction.faults]
    return Judgement("faulty_data", Text("；".join(text.zh for text in told), "; ".join(text.en for text in told)))


def _failed(auction: Auction, outcome: Outcome, recorded: list[RecordedBid]) -> Judgement | None:
    if outcome.state != "failed":
        return None
    count = len(auction.bids)
    if count < 3:
        return Judgement(
            "too_few_bids",
            Text(
                f"只有 {count} 家投标，依招标投标法第28条应当重新招标" + _also(recorded, "zh"),
                f"{count} bid(s); under article 28 of the Tendering Law the tender fails" + _also(recorded, "en"),
            ),
        )
    why = Text("全部报价低于最低限价或高于最高限价" + _also(recorded, "zh"), "every price is out of bounds" + _also(recorded, "en"))
    return Judgement("all_rejected", why)


def _also(recorded: list[RecordedBid], language: str) -> str:
    """What the record says of a tender that failed with us."""
    if not recorded:
        return ""
    return f"；记录中由 {recorded[0].name} 中标" if language == "zh" else f"; the record awards {recorded[0].name}"


def _unclear_record(auction: Auction, outcome: Outcome, recorded: list[RecordedBid]) -> Judgement | None:
    if not recorded:
        return Judgement("no_recorded_winner", Text("数据中没有标出中标人", "the data name no winner"))
    if len(recorded) > 1:
        names = [bid.name for bid in recorded]
        return Judgement("several_recorded_winners", Text("、".join(names), ", ".join(names)))
    return None


def _tie(auction: Auction, outcome: Outcome, recorded: list[RecordedBid]) -> Judgement | None:
    if len(outcome.equals) < 2 or recorded[0].bidder not in outcome.equals:
        return None
    count = len(outcome.equals)
    drawn = recorded[0].excluded_because
    return Judgement(
        "tie",
        Text(
            f"{count} 家报价同为最低，记录的中标人是其中之一" + (f"（记录：{drawn}）" if drawn else ""),
            f"{count} firms bid the same lowest price, the recorded winner among them" + (f" (record: {drawn})" if drawn else ""),
        ),
    )


def _agree(auction: Auction, outcome: Outcome, recorded: list[RecordedBid]) -> Judgement | None:
    return Judgement("agree", Text("", "")) if outcome.winner == recorded[0].bidder else None


def _excluded(auction: Auction, outcome: Outcome, recorded: list[RecordedBid]) -> Judgement | None:
    """The record excludes whoever is lowest for a cause that prices do not show, such as a failed qualification."""
    lower = [bid for bid in auction.bids if bid.price <= recorded[0].price and bid.bidder != recorded[0].bidder]
    inside = [bid for bid in lower if not _outside(auction, bid.price)]
    if not inside or not all(bid.excluded for bid in inside) or _outside(auction, recorded[0].price):
        return None
    causes = "; ".join(f"{bid.name}: {bid.excluded_because or '?'}" for bid in inside)
    return Judgement("recorded_exclusion", Text(f"记录中排除了 {causes}", f"the record excludes {causes}"))


def _out_of_bounds(auction: Auction, outcome: Outcome, recorded: list[RecordedBid]) -> Judgement | None:
    won = recorded[0]
    if not (_outside(auction, won.price) or won.below_minimum):
        return None
    return Judgement("recorded_out_of_bounds", Text("记录的中标价低于最低限价或高于最高限价", "the recorded winning price is out of bounds"))


def _outside(auction: Auction, price: int) -> bool:
    over = auction.ceiling is not None and price > auction.ceiling
    return over or (auction.minimum is not None and price < auction.minimum)


def money(outcome: Outcome, auction: Auction) -> dict[str, Any]:
    """Our winner and the recorded one, for the summary: id, name, price in fen."""
    names = {bid.bidder: bid.name for bid in auction.bids}
    ours = {"bidder": outcome.winner, "name": names.get(outcome.winner, ""), "price": outcome.price} if outcome.winner else None
    recorded = [{"bidder": bid.bidder, "name": bid.name, "price": bid.price} for bid in auction.bids if bid.won]
    return {"ours": ours, "recorded": recorded}
