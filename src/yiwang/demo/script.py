"""What a tender's play says: title, amounts, bids, marks, and what else its entry needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

SEATS = {"technical": 3, "economic": 2}


@dataclass
class Script:
    """What is to be played.

    Attributes:
        bids: firm's name and price in fen, one each; no price in rounds that ask for none.
        scores: evaluator's mark per criterion and firm, for formulas with criteria; absent: a middling mark.
        document: the tender document's bytes; empty: a short text is made.
        deadline: for bids; None: the earliest lawful one at half past nine.
        publicity_until: end of the candidates' publicity; None: the earliest lawful one.
        procedure: of the law folder; empty: the one for the category.
        seats: of the committee, by discipline.
        upload_grace_minutes: the grace for bytes of committed bids.
        joint_bids: the notice accepts joint bids.
        more: further arguments of the entry: lots, rounds, invitees, bid bond ...
    """

    title: str
    category: str = "works"
    budget: int = 0
    ceiling: int | None = None
    minimum: int | None = None
    formula: dict[str, Any] | None = None
    bids: Sequence[tuple[str, int | None]] = ()
    scores: dict[str, dict[str, str]] = field(default_factory=dict)
    description: str = ""
    source: str = ""
    by_agency: bool = True
    document: bytes = b""
    deadline: datetime | None = None
    publicity_until: datetime | None = None
    procedure: str = ""
    seats: dict[str, int] = field(default_factory=lambda: dict(SEATS))
    upload_grace_minutes: int = 0
    joint_bids: bool = False
    more: dict[str, Any] = field(default_factory=dict)
