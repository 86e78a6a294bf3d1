"""What a committee decides of a bid's price before it ranks: corrections and priced deviations, each by more than half.

A row is ``{"kind", "content", "reason", "seat", "votes": [{"seat", "agree", "reason"}], "until", "confirmed"}``: ``kind`` is
``correction`` (content ``{"order", "figures"}``) or ``deviation`` (content: units by key); ``until`` is the moment up to which the
tenderer may confirm a correction, ``confirmed`` its answer, both None where there is none. The one who proposes votes for it.
The center and the verifier read rows alike; a bid has its rows in the order of the proposals.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from yiwang.kernel import corrections
from yiwang.kernel.text import Text

KINDS: dict[str, Text] = {
    "correction": Text("报价修正", "corrected price"),
    "deviation": Text("偏差量化", "priced deviations"),
}
Row = Mapping[str, Any]


def accepted(row: Row, size: int) -> bool:
    """More than half of the committee's ``size`` members agree."""
    return sum(bool(vote["agree"]) for vote in row["votes"]) * 2 > size


def dropped(row: Row, size: int) -> bool:
    """So many are against it that more than half can no longer agree."""
    return sum(not vote["agree"] for vote in row["votes"]) * 2 >= size


def standing(rows: Iterable[Row], kind: str, size: int) -> Row | None:
    """The row of that kind that the committee accepted; None when there is none."""
    return next((row for row in rows if row["kind"] == kind and accepted(row, size)), None)


def facts(rows: Sequence[Row], size: int) -> dict[str, Any]:
    """What the formula reads of a bid's rows: ``correction`` in its JSON form or None, ``deviations`` as units by key."""
    correction, deviation = (standing(rows, kind, size) for kind in ("correction", "deviation"))
    return {
        "correction": None
        if correction is None
        else {**correction["content"], "confirmed": correction["confirmed"] is True},
        "deviations": ()
        if deviation is None
        else tuple((key, Decimal(value)) for key, value in deviation["content"].items()),
    }


def told(row: Row, size: int) -> Text:
    """What became of a proposal, in words."""
    agree = sum(vote["agree"] for vote in row["votes"])
    against = len(row["votes"]) - agree
    counted = Text(f"{agree} 人同意，{against} 人不同意", f"{agree} for, {against} against")
    return Text(
        f"{KINDS[row['kind']].zh}：{counted.zh}，{_outcome(row, size).zh}",
        f"{KINDS[row['kind']].en}: {counted.en}; {_outcome(row, size).en}",
    )


def _outcome(row: Row, size: int) -> Text:
    if not accepted(row, size):
        return (
            Text("未获过半数同意，不予采用", "not taken, since not more than half agree")
            if dropped(row, size)
            else Text("表决中", "being voted on")
        )
    if row["kind"] == "deviation":
        return Text("采用", "taken")
    return {
        True: Text("投标人已书面确认", "confirmed in writing by the tenderer"),
        False: Text("投标人不确认", "refused by the tenderer"),
        None: Text("投标人没有在规定时间内确认", "not confirmed by the tenderer in time"),
    }[row["confirmed"]]


def corrected(content: Row, quoted: int) -> corrections.Corrected:
    """The correction that a row's content comes to. BadInput when it is unsound."""
    return corrections.correct(
        corrections.order(content["order"]), quoted, corrections.read_figures(content["figures"])
    )
