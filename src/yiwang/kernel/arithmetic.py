"""The arithmetic of an evaluation report line by line: the one source for pages, the verify report and the dossier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.kernel import price_changes
from yiwang.kernel.evaluation_facts import UNRANKED
from yiwang.kernel.formula_facts import BidResult, Ranking
from yiwang.kernel.text import Text


@dataclass(frozen=True)
class Ranked:
    """One bid's result under its tenderer's name; ``candidate``: it is proposed for the award.

    Attributes:
        rejected, abnormal, lines: as in the result, with names in the place of bids.
        opinions: what members say of a candidate (评定分离).
    """

    name: str
    result: BidResult
    candidate: bool
    rejected: tuple[Text, ...]
    abnormal: tuple[Text, ...]
    lines: tuple[Text, ...]
    opinions: tuple[str, ...] = ()

    @property
    def price(self) -> int | None:
        """The quote in fen; None where none is asked."""
        return self.result.price or None

    @property
    def rank(self) -> int | None:
        """The rank; None when rejected."""
        return self.result.rank

    @property
    def total(self) -> str | None:
        """The total as shown."""
        return None if self.result.total is None else str(self.result.total)

    @property
    def score(self) -> str:
        """The total as shown, or ''."""
        return self.total or ""


def read(content: Mapping[str, Any], names: Mapping[str, str]) -> tuple[list[Text], list[Ranked]]:
    """The lines common to all, and one entry for each bid.

    Args:
        content: the report's content.
        names: evidence subject of a bid to its tenderer's name.
    """
    ranking = Ranking.from_json(content["ranking"])
    proposed = {each["bid"]: each for each in content["candidates"]}
    rows = [
        Ranked(
            names.get(result.bid, result.bid),
            result,
            result.bid in proposed,
            named(result.rejected, names),
            named(result.abnormal, names),
            named(result.lines, names),
            tuple(proposed.get(result.bid, {}).get("opinions", ())),
        )
        for result in ranking.results
    ]
    common = [*_drawn(content), *named(ranking.lines, names), *_changes(content, names), *_reviews(content, names)]
    if any(each.get("rank") == UNRANKED for each in proposed.values()):
        common.append(Text("推荐的候选人不排序，由定标委员会票决（评定分离）",
                           "the candidates are recommended without a rank; the award committee votes"))  # fmt: skip
    return common, rows


def named(lines: Iterable[Text], names: Mapping[str, str]) -> tuple[Text, ...]:
    """Lines with tenderers' names: the formula speaks of bids by their chain, readers know the firms."""
    return tuple(Text(_named(line.zh, names), _named(line.en, names)) for line in lines)


def _named(text: str, names: Mapping[str, str]) -> str:
    for bid, name in names.items():
        text = text.replace(bid, name)
    return text


def _drawn(content: Mapping[str, Any]) -> list[Text]:
    coefficient = content.get("drawn", {}).get("coefficient")
    if coefficient is None:
        return []
    return [Text(f"公开抽取的浮动系数 k = {coefficient}", f"float coefficient drawn in public: k = {coefficient}")]


def _reviews(content: Mapping[str, Any], names: Mapping[str, str]) -> list[Text]:
    """What became of each abnormally low price."""
    lines = []
    for bid, row in content.get("low_prices", {}).items():
        who, proven = names.get(bid, bid), sum(each["proven"] for each in row["findings"])
        others = len(row["findings"]) - proven
        said = Text("已说明", "explained") if row["explained"] else Text("没有说明", "not explained")
        lines.append(Text(
            f"{who} 异常低价审查：{said.zh}；{proven} 人认为能证明，{others} 人认为不能证明",
            f"{who}: review of the low price: {said.en}; {proven} members find it proven, {others} not",
        ))  # fmt: skip
    return lines


def _changes(content: Mapping[str, Any], names: Mapping[str, str]) -> list[Text]:
    """What became of each proposal to correct a price or to price deviations, with its reason."""
    size, lines = len(content["sheets"]), []
    for bid, rows in content.get("price_changes", {}).items():
        for row in rows:
            said, who = price_changes.told(row, size), names.get(bid, bid)
            lines.append(Text(f"{who} {said.zh}。理由：{row['reason']}", f"{who}: {said.en}. Reason: {row['reason']}"))
    return lines
