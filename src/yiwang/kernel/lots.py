"""Most lots that one tenderer may win (兼投不兼中): who is passed over in a lot because of the lots decided before it.

The lots of a project are decided in the order of their numbers. The center decides by this page, the verifier checks by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]

ARTICLE = "招标投标法 第19条"
"""The tender documents say how lots are awarded (标段划分)."""


def place(number: str) -> tuple[str, int]:
    """A lot's project and its place there: ``("YW2026-0007", 2)`` of ``YW2026-0007-2``; place 0 for a tender alone."""
    parts = number.split("-")
    return ("-".join(parts[:2]), int(parts[2])) if len(parts) == 3 else (number, 0)


def parties(row: Row) -> tuple[str, ...]:
    """Credit codes of whoever bids in a candidate's or winner's row: the tenderer and all members of a joint bid."""
    members = (member.get("tenderer") or member["uscc"] for member in row.get("joint", ()))
    return tuple(dict.fromkeys((row["tenderer"], *members)))


def passed_over(candidates: Iterable[Row], won: Sequence[Row], most: int) -> list[dict[str, Any]]:
    """The candidates of whom a party has won as many lots as one may, by rank.

    Args:
        candidates: with ``bid``, ``tenderer``, ``rank`` and perhaps ``joint``.
        won: the winners of the lots decided before: ``lot``, ``tenderer`` and perhaps ``joint``.

    Returns:
        For each its ``bid``, ``tenderer``, ``rank`` and the ``lots`` that it has won.
    """
    found = []
    for row in sorted(candidates, key=lambda each: (each["rank"], each["bid"])):
        by_party = {code: [each["lot"] for each in won if code in parties(each)] for code in parties(row)}
        full = next((lots for lots in by_party.values() if len(lots) >= most), None)
        if full is not None:
            found.append({"bid": row["bid"], "tenderer": row["tenderer"], "rank": row["rank"], "lots": full})
    return found


def first(candidates: Sequence[Row], over: Sequence[Row]) -> Row | None:
    """The first candidate that is not passed over; None when all are."""
    gone = {each["bid"] for each in over}
    standing = [each for each in candidates if each["bid"] not in gone]
    return min(standing, key=lambda each: each["rank"], default=None)
