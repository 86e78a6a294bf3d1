"""Bid figures of real auctions that the demo city plays with (figures.yaml names their origin)."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from yiwang.kernel import lawfile


@dataclass(frozen=True)
class Figures:
    """Ceiling, minimum and bids of one auction, in fen."""

    ceiling: int
    minimum: int
    bids: tuple[int, ...]


def read() -> dict[str, Figures]:
    """All figures by their auction."""
    file = lawfile.read(Path(str(files("yiwang.demo"))) / "figures.yaml")
    found = {}
    for key in file.need(("auctions",), dict):
        at = ("auctions", key)
        ceiling, minimum = (file.need((*at, name), int) * 100 for name in ("ceiling", "minimum"))
        found[key] = Figures(ceiling, minimum, tuple(bid * 100 for bid in file.need((*at, "bids"), list)))
    return found
