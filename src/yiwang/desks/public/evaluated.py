"""A ranking for reading: each bid under its tenderer's name, with the arithmetic line by line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from yiwang.kernel.formulas import BidResult, Ranking
from yiwang.kernel.text import Text


@dataclass(frozen=True)
class Ranked:
    """One bid's result under its tenderer's name."""

    name: str
    result: BidResult

    @property
    def score(self) -> str:
        """The total score as shown, or ''."""
        return "" if self.result.total is None else str(self.result.total)


def ranked(content: dict[str, Any], names: dict[str, str]) -> tuple[list[Ranked], list[Text]]:
    """The ranking of a report: one entry per bid, and the lines common to all.

    Args:
        content: the report's content.
        names: evidence subject of a bid to its tenderer's name.
    """
    ranking = Ranking.from_json(content["ranking"])
    rows = [
        Ranked(names.get(result.bid, result.bid), replace(result, lines=tuple(_named(line, names) for line in result.lines)))
        for result in ranking.results
    ]
    return rows, [_named(line, names) for line in ranking.lines]


def _named(line: Text, names: dict[str, str]) -> Text:
    zh, en = line.zh, line.en
    for bid, name in names.items():
        zh, en = zh.replace(bid, name), en.replace(bid, name)
    return Text(zh, en)
