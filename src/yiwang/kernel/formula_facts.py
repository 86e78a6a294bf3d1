"""What a formula reads and what it gives: bids, score sheets, the ranking. All have a canonical JSON form.

Amounts are integer fen, scores and shares decimal text, exact values ``numerator/denominator``: nothing is a float,
so an outside program recomputes a ranking to the last digit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from typing import Any

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Deduction:
    """A policy deduction from the price for evaluation only: ``rate`` 0.15 takes 15 % off."""

    code: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A quantified deviation in fen, added to the price for evaluation only (negative: taken off)."""

    name: Text
    fen: int


@dataclass(frozen=True, slots=True)
class BidFacts:
    """What a formula must know of a bid.

    Attributes:
        bid: its id (ASCII). price: the quote in fen; 0 where none is asked (null in JSON), as in a prequalification.
        rejected: reasons for which the committee rejected it in the preliminary review.
        order: its place in the log, for ties decided by the earlier bid.
        lot: its place in a drawing of lots among tied bids, once drawn.
        correction: ``{"order", "figures", "confirmed"}`` where the price is corrected (law/corrections.yaml); ``price`` stays
            what was opened. deviations: units of each published deviation (see :mod:`.deviations`).
    """

    bid: str
    price: int
    rejected: tuple[Text, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    order: int = 0
    lot: int | None = None
    correction: Mapping[str, Any] | None = None
    deviations: tuple[tuple[str, Decimal], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Canonical JSON form."""
        return {
            **({} if self.correction is None else {"correction": dict(self.correction)}),
            **({"deviations": {key: str(value) for key, value in self.deviations}} if self.deviations else {}),
            "bid": self.bid,
            "price": self.price or None,
            "rejected": [_text(item) for item in self.rejected],
            "deductions": [{"code": item.code, "rate": str(item.rate)} for item in self.deductions],
            "adjustments": [{"name": _text(item.name), "fen": item.fen} for item in self.adjustments],
            "order": self.order,
            "lot": self.lot,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any], at: str = "bid") -> BidFacts:
        """Read the JSON form; only ``bid`` and ``price`` are required. BadInput names the field at fault."""
        bid = data.get("bid")
        if not isinstance(bid, str) or not bid or not bid.isascii():
            raise bad(f"{at}.bid", "投标编号须为非空的 ASCII 文字", "the bid's id must be ASCII text")
        quoted = data.get("price")
        price = whole(quoted, f"{at}.price") if quoted is not None or "price" not in data else 0
        if price <= 0 and quoted is not None:
            raise bad(
                f"{at}.price",
                "报价必须大于零",
                "the price must be above zero",
                passes=Text("以分计的正整数", "a positive integer in fen"),
            )
        deductions = tuple(
            Deduction(str(item.get("code", "")), share(item.get("rate"), f"{at}.deductions[{n}].rate"))
            for n, item in enumerate(data.get("deductions", ()))
        )
        adjustments = tuple(
            Adjustment(
                _read_text(item.get("name"), f"{at}.adjustments[{n}].name"),
                whole(item.get("fen"), f"{at}.adjustments[{n}].fen"),
            )
            for n, item in enumerate(data.get("adjustments", ()))
        )
        rejected = tuple(_read_text(item, f"{at}.rejected[{n}]") for n, item in enumerate(data.get("rejected", ())))
        lot = data.get("lot")
        return cls(
            bid,
            price,
            rejected,
            deductions,
            adjustments,
            whole(data.get("order", 0), f"{at}.order"),
            None if lot is None else whole(lot, f"{at}.lot"),
            _correction(data.get("correction"), f"{at}.correction"),
            _deviations(data.get("deviations"), f"{at}.deviations"),
        )


def _correction(data: Any, at: str) -> Mapping[str, Any] | None:
    if data is None:
        return None
    if (
        not isinstance(data, Mapping)
        or set(data) != {"order", "figures", "confirmed"}
        or not isinstance(data["confirmed"], bool)
    ):
        raise bad(at, "应有 order、figures、confirmed", "has order, figures, confirmed")
    return data


def _deviations(data: Any, at: str) -> tuple[tuple[str, Decimal], ...]:
    if data is None:
        return ()
    if not isinstance(data, Mapping):
        raise bad(at, "须为各项偏差的数量", "must be an object of quantities")
    return tuple((str(key), decimal(value, f"{at}.{key}")) for key, value in data.items())


@dataclass(frozen=True, slots=True)
class Sheet:
    """One evaluator's scores: bid id -> criterion key -> score."""

    evaluator: str
    scores: Mapping[str, Mapping[str, Decimal]]

    def to_json(self) -> dict[str, Any]:
        """Canonical JSON form."""
        return {
            "evaluator": self.evaluator,
            "scores": {bid: {key: str(value) for key, value in row.items()} for bid, row in self.scores.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any], at: str = "sheet") -> Sheet:
        """Read the JSON form. BadInput names the score at fault."""
        scores = data.get("scores")
        if not isinstance(scores, Mapping) or not isinstance(data.get("evaluator"), str):
            raise bad(at, "评分表须有 evaluator 和 scores", "a sheet needs evaluator and scores")
        read = {}
        for bid, row in scores.items():
            if not isinstance(row, Mapping):
                raise bad(f"{at}.scores.{bid}", "须为各项得分", "must be an object of scores")
            read[bid] = {
                key: number if (number := _plain(value)) is not None else decimal(value, f"{at}.scores.{bid}.{key}")
                for key, value in row.items()
            }
        return cls(data["evaluator"], read)


@dataclass(frozen=True, slots=True)
class BidResult:
    """One bid's result. ``rank`` is None when rejected; equal ranks are ties that the formula does not decide.

    Attributes:
        evaluated: price after deductions and adjustments, fen, exact.
        price_score, scores, total: as shown, rounded. exact: the total that ranks (or the evaluated price).
        abnormal: reasons to review the price as abnormally low; no rejection by itself.
        lines: the arithmetic.
    """

    bid: str
    price: int
    evaluated: Fraction
    price_score: Decimal | None
    scores: Mapping[str, Decimal]
    total: Decimal | None
    exact: Fraction | None
    rank: int | None
    rejected: tuple[Text, ...] = ()
    abnormal: tuple[Text, ...] = ()
    lines: tuple[Text, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Canonical JSON form."""
        return {
            "bid": self.bid,
            "price": self.price or None,
            "evaluated": ratio(self.evaluated),
            "price_score": None if self.price_score is None else str(self.price_score),
            "scores": {key: str(value) for key, value in self.scores.items()},
            "total": None if self.total is None else str(self.total),
            "exact": None if self.exact is None else ratio(self.exact),
            "rank": self.rank,
            "rejected": [_text(item) for item in self.rejected],
            "abnormal": [_text(item) for item in self.abnormal],
            "lines": [_text(item) for item in self.lines],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> BidResult:
        """Read the JSON form."""
        return cls(
            data["bid"],
            data["price"] or 0,
            Fraction(data["evaluated"]),
            None if data["price_score"] is None else Decimal(data["price_score"]),
            {key: Decimal(value) for key, value in data["scores"].items()},
            None if data["total"] is None else Decimal(data["total"]),
            None if data["exact"] is None else Fraction(data["exact"]),
            data["rank"],
            *(tuple(Text(item["zh"], item["en"]) for item in data[key]) for key in ("rejected", "abnormal", "lines")),
        )


@dataclass(frozen=True, slots=True)
class Ranking:
    """The outcome of an evaluation.

    Attributes:
        results: ranked bids by rank, then rejected ones, each group by id.
        winner: the one bid of rank 1, or None when nobody or several stand there.
        ties: groups of bids of equal rank.
        benchmark: the benchmark or lowest price that the price scores rest on, fen, exact.
        lines: the arithmetic common to all bids.
        kept: up to which rank bids are kept, where the formula says so (框架协议 drops a share); None: not its matter.
    """

    formula: str
    results: tuple[BidResult, ...]
    winner: str | None
    ties: tuple[tuple[str, ...], ...] = ()
    benchmark: Fraction | None = None
    lines: tuple[Text, ...] = field(default=())
    kept: int | None = None

    def result(self, bid: str) -> BidResult:
        """The result of a bid; KeyError when it took no part."""
        for item in self.results:
            if item.bid == bid:
                return item
        raise KeyError(bid)

    def candidates(self, most: int = 3) -> tuple[BidResult, ...]:
        """The bids of the first ``most`` ranks; where the formula itself says how many are kept, those."""
        last = most if self.kept is None else self.kept
        return tuple(item for item in self.results if item.rank is not None and item.rank <= last)

    def to_json(self) -> dict[str, Any]:
        """Canonical JSON form."""
        return {
            "formula": self.formula,
            "results": [item.to_json() for item in self.results],
            "winner": self.winner,
            "ties": [list(group) for group in self.ties],
            "benchmark": None if self.benchmark is None else ratio(self.benchmark),
            "lines": [_text(item) for item in self.lines],
            **({} if self.kept is None else {"kept": self.kept}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Ranking:
        """Read the JSON form."""
        return cls(
            data["formula"],
            tuple(BidResult.from_json(item) for item in data["results"]),
            data["winner"],
            tuple(tuple(group) for group in data["ties"]),
            None if data["benchmark"] is None else Fraction(data["benchmark"]),
            tuple(Text(item["zh"], item["en"]) for item in data["lines"]),
            data.get("kept"),
        )


def ratio(value: Fraction) -> str:
    """Exact text of a fraction: ``85000000`` or ``8500/3``."""
    return str(value)


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _read_text(value: Any, at: str) -> Text:
    if isinstance(value, str):
        return Text(value, value)
    if isinstance(value, Mapping) and isinstance(value.get("zh"), str) and isinstance(value.get("en"), str):
        return Text(value["zh"], value["en"])
    raise bad(at, "须为文字，或 zh、en 两种文字", "must be text, or an object with zh and en")


def whole(value: Any, at: str) -> int:
    """An integer; BadInput naming ``at`` for anything else."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise bad(at, "须为整数", "must be an integer")
    return value


@lru_cache(maxsize=4096)
def _short(text: str) -> Decimal | None:
    """The number that a short text is: sheets hold the same few scores over and over. None when it is none."""
    return Decimal(text) if _SCORE.fullmatch(text) else None


_SCORE = re.compile(r"[0-9]{1,6}(\.[0-9]{1,8})?", re.ASCII)


def _plain(value: Any) -> Decimal | None:
    return _short(value) if isinstance(value, str) else None


def decimal(value: Any, at: str) -> Decimal:
    """A finite decimal given as text or integer; BadInput naming ``at`` for anything else, floats too."""
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite():
            return number
    raise bad(
        at,
        f"“{value}”不是十进制数",
        f"“{value}” is not a decimal number",
        passes=Text('用文字写的十进制数，例如 "38.5"', 'a decimal number as text, e.g. "38.5"'),
    )


def share(value: Any, at: str) -> Decimal:
    """A decimal from 0 up to, but not with, 1."""
    number = decimal(value, at)
    if not 0 <= number < 1:
        raise bad(
            at,
            f"{number}不在0至1之间",
            f"{number} is not from 0 to below 1",
            passes=Text("例如 0.15 表示15%", "e.g. 0.15 for 15 %"),
        )
    return number
