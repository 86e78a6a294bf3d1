"""The arithmetic of a report, as pages show it: each bid's rank, scores and every line of its sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yiwang.kernel.text import Text


@dataclass(frozen=True)
class Ranked:
    """One bid in the ranking."""

    name: str
    price: int
    rank: int | None
    total: str | None
    rejected: list[Text]
    abnormal: list[Text]
    lines: list[Text]
    candidate: bool
    """True for those that are proposed for the award."""


def ranking(content: dict[str, Any], names: dict[str, str]) -> tuple[list[Text], list[Ranked]]:
    """The general lines and the bids of a report's content; ``names`` maps a bid to its tenderer's name."""
    found = content["ranking"]
    proposed = {each["bid"] for each in content["candidates"]}
    rows = [
        Ranked(
            names.get(row["bid"], row["bid"]),
            row["price"],
            row["rank"],
            row["total"],
            _texts(row["rejected"], names),
            _texts(row["abnormal"], names),
            _texts(row["lines"], names),
            row["bid"] in proposed,
        )
        for row in found["results"]
    ]
    return _texts(found["lines"], names), rows


def names_of(bids: Any) -> dict[str, str]:
    """Tenderers' names by bid."""
    return {bid.chain: str(bid.party) for bid in bids}


def _texts(items: Any, names: dict[str, str]) -> list[Text]:
    return [Text(_named(item["zh"], names), _named(item["en"], names)) for item in items]


def _named(text: str, names: dict[str, str]) -> str:
    """The formula speaks of bids by their chain; readers know the firms."""
    for bid, name in names.items():
        text = text.replace(bid, name)
    return text
