"""Voting of an award committee (定标委员会票决): rounds of open ballots to a winner, by the rule of the documents.

A rule is data: ``{"method", "tie", "rounds"}``.

- ``simple``    one vote each, most votes win (简单多数); equals at the top vote again among themselves.
- ``absolute``  one vote each, more than half of the members wins (过半数); else the first and all second vote again.
- ``ranking``   each ballot orders all candidates; of n the first gets n - 1 points, the last 0; most points win (排序票决).
- ``lots``      each ballot names one; the two with most votes, and who equals the second, go into a draw (票决抽签).

``rounds`` is the most that are held; in the last one most votes win. ``tie`` parts who is still equal then: ``price``
(the lower quote; equal quotes draw lots) or ``lots``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yiwang.kernel.errors import bad
from yiwang.kernel.money import yuan
from yiwang.kernel.text import Text

METHODS: dict[str, Text] = {
    "simple": Text("直接票决（简单多数）", "one vote each, most votes win"),
    "absolute": Text("逐轮票决（过半数）", "one vote each, more than half wins, with run-off"),
    "ranking": Text("排序票决", "each orders the candidates, most points win"),
    "lots": Text("票决抽签", "votes choose who goes into a draw"),
}
TIES: dict[str, Text] = {
    "price": Text("票数相同的，报价低的在前", "equals: the lower quote first"),
    "lots": Text("票数相同的，公开抽签", "equals: a public draw of lots"),
}
MOST_ROUNDS = 9


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the ballots so far come to: exactly one of ``winner``, ``again``, ``lots`` is set.

    Attributes:
        winner: the candidate who wins.
        again: candidates of the next round.
        lots: candidates among whom a public draw decides.
        lines: the count, round by round.
    """

    winner: str | None = None
    again: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()
    lines: tuple[Text, ...] = ()


def check_rule(rule: Mapping[str, Any]) -> None:
    """BadInput when the rule is none."""
    for key in rule:
        if key not in ("method", "tie", "rounds"):
            raise bad(f"rule.{key}", "不认识这一项", "is not known")
    for key, known in (("method", METHODS), ("tie", TIES)):
        if rule.get(key) not in known:
            raise bad(f"rule.{key}", f"须为 {'、'.join(known)} 之一", f"must be one of {', '.join(known)}")
    rounds = rule.get("rounds")
    if isinstance(rounds, bool) or not isinstance(rounds, int) or not 1 <= rounds <= MOST_ROUNDS:
        raise bad("rule.rounds", f"轮数须为1至{MOST_ROUNDS}", f"there are 1 to {MOST_ROUNDS} rounds")


def check_ballot(rule: Mapping[str, Any], standing: Sequence[str], ballot: Sequence[str]) -> None:
    """BadInput when a ballot does not fit: one standing candidate, or for ``ranking`` all of them in an order."""
    if rule["method"] == "ranking":
        if sorted(ballot) != sorted(standing):
            raise bad("choice", "应把全部候选人排出先后，不重不漏", "order all candidates, each once")
    elif len(ballot) != 1 or ballot[0] not in standing:
        raise bad("choice", "应从本轮候选人中选一名", "choose one candidate of this round",
                  passes=Text("、".join(standing), ", ".join(standing)))  # fmt: skip


def outcome(
    rule: Mapping[str, Any],
    prices: Mapping[str, int],
    rounds: Sequence[Sequence[Sequence[str]]],
    drawn: Sequence[str] | None = None,
) -> Outcome:
    """Count complete rounds of ballots.

    Args:
        prices: candidate -> quote in fen; all candidates.
        rounds: for each complete round its ballots, each the names that it gives; order does not matter.
        drawn: the order that a public draw gave, once it took place.

    Raises:
        BadInput: the rule or a ballot is unsound, or there are rounds after the decision.
    """
    check_rule(rule)
    standing = tuple(sorted(prices))
    found = Outcome(again=standing)
    lines: list[Text] = []
    for number, ballots in enumerate(rounds, start=1):
        if not found.again or not ballots:
            raise bad("rounds", "已有结果之后不再投票", "there is no vote after the decision")
        for ballot in ballots:
            check_ballot(rule, found.again, ballot)
        found, said = _round(rule, prices, found.again, ballots, last=number >= rule["rounds"])
        lines.append(Text(f"第{number}轮：{said.zh}", f"round {number}: {said.en}"))
    if found.lots and drawn is not None:
        if sorted(drawn) != sorted(found.lots):
            raise bad("drawn", "抽签的不是应当抽签的候选人", "the draw was not among those who are to draw")
        lines.append(Text(f"抽签次序：{'、'.join(drawn)}", f"order drawn: {', '.join(drawn)}"))
        found = Outcome(winner=drawn[0])
    if found.winner:
        lines.append(Text(f"定标：{found.winner}", f"the award goes to {found.winner}"))
    return Outcome(found.winner, found.again, found.lots, tuple(lines))


def points(rule: Mapping[str, Any], standing: Sequence[str], ballots: Sequence[Sequence[str]]) -> dict[str, int]:
    """Votes, or for ``ranking`` points, of each standing candidate."""
    found = dict.fromkeys(standing, 0)
    for ballot in ballots:
        if rule["method"] == "ranking":
            for place, name in enumerate(ballot):
                found[name] += len(standing) - 1 - place
        else:
            found[ballot[0]] += 1
    return found


def _round(
    rule: Mapping[str, Any], prices: Mapping[str, int], standing: Sequence[str], ballots: Sequence[Sequence[str]], *, last: bool
) -> tuple[Outcome, Text]:
    got = points(rule, standing, ballots)
    ordered = sorted(standing, key=lambda name: (-got[name], name))
    unit = ("分", "points") if rule["method"] == "ranking" else ("票", "votes")
    said = Text(
        "，".join(f"{name} {got[name]} {unit[0]}" for name in ordered), ", ".join(f"{name} {got[name]} {unit[1]}" for name in ordered)
    )
    best = [name for name in ordered if got[name] == got[ordered[0]]]
    second = [name for name in ordered if got[name] == got[ordered[min(1, len(ordered) - 1)]]]
    if rule["method"] == "lots":
        into = tuple(sorted({*best, *second})) if len(best) == 1 else tuple(sorted(best))
        return (Outcome(lots=into) if len(into) > 1 else Outcome(winner=into[0])), said
    if rule["method"] == "absolute" and not last:
        if got[best[0]] * 2 > len(ballots):
            return Outcome(winner=best[0]), said
        narrowed = best if len(best) > 1 else [*best, *second]
        return Outcome(again=tuple(sorted(narrowed))), said
    if len(best) == 1:
        return Outcome(winner=best[0]), said
    if not last and rule["method"] == "simple":
        return Outcome(again=tuple(sorted(best))), said
    return _parted(rule, prices, best, said)


def _parted(rule: Mapping[str, Any], prices: Mapping[str, int], equal: Sequence[str], said: Text) -> tuple[Outcome, Text]:
    """Who is equal when no round follows: by price, by lots."""
    if rule["tie"] == "price":
        low = min(prices[name] for name in equal)
        lowest = [name for name in equal if prices[name] == low]
        said = Text(f"{said.zh}；票数相同，报价低的在前（{yuan(low)} 元）", f"{said.en}; equal: the lower quote first (CNY {yuan(low)})")
        if len(lowest) == 1:
            return Outcome(winner=lowest[0]), said
        equal = lowest
    return Outcome(lots=tuple(sorted(equal))), said
