"""Reading a table of bids: lines become auctions; what is wrong is told by line, column and rule."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TextIO

from yiwang.demo.replay.mapping import Mapping
from yiwang.kernel import money
from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text


@dataclass(frozen=True)
class Fault:
    """Something wrong in the table: line (from 1, the heading included), column, rule, and what would pass."""

    line: int
    column: str
    rule: str
    text: Text

    def __str__(self) -> str:
        return str(self.told())

    def told(self) -> Text:
        """In a sentence, with line, column and rule."""
        return Text(
            f"第 {self.line} 行“{self.column}”：{self.text.zh}（{self.rule}）",
            f"line {self.line}, “{self.column}”: {self.text.en} ({self.rule})",
        )

    def json(self) -> dict[str, str | int]:
        """For the summary."""
        return {"line": self.line, "field": self.column, "rule": self.rule, "zh": self.text.zh, "en": self.text.en}


@dataclass(frozen=True)
class RecordedBid:
    """One line: a firm's bid, in fen, and what the record says of it."""

    line: int
    bidder: str
    name: str
    price: int
    won: bool = False
    excluded: bool = False
    excluded_because: str = ""
    below_minimum: bool = False


@dataclass
class Auction:
    """One auction as recorded. With ``faults`` it is not played."""

    key: str
    line: int
    title: str = ""
    held: date | None = None
    ceiling: int | None = None
    minimum: int | None = None
    bids: list[RecordedBid] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)


def read(path: Path, mapping: Mapping) -> list[Auction]:
    """All auctions of a table (CSV, or CSV in gzip), in the order in which they begin in it.

    Raises:
        BadInput: no such file, not such a table, or a column of the mapping is missing. Faults of single lines do not
            raise; they are kept with their auction.
    """
    auctions: dict[str, Auction] = {}
    try:
        with _opened(path, mapping.encoding) as file:
            reader = csv.reader(file, delimiter=mapping.delimiter, strict=True)
            heading = _heading(path, next(reader, []), mapping)
            for line, row in _rows(reader):
                _take(auctions, line, row, heading, mapping)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise bad("file", f"{path.name} 的压缩已损坏", f"{path.name} is damaged gzip") from None
    except csv.Error as error:
        raise bad("file", f"{path.name} 不是 CSV 表格：{error}", f"{path.name} is no CSV table: {error}") from None
    for auction in auctions.values():
        _check(auction, mapping)
    return list(auctions.values())


def _opened(path: Path, encoding: str) -> TextIO:
    if not path.is_file():
        raise bad("file", f"没有文件 {path}", f"there is no file {path}")
    with path.open("rb") as probe:
        packed = probe.read(2) == b"\x1f\x8b"
    encoding = "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding
    if packed:
        return gzip.open(path, "rt", encoding=encoding, errors="surrogateescape", newline="")
    return path.open(encoding=encoding, errors="surrogateescape", newline="")


def _heading(path: Path, heading: list[str], mapping: Mapping) -> list[str]:
    missing = [name for name in mapping.needed() if name not in heading]
    if missing:
        names = ", ".join(missing)
        raise bad("file", f"{path.name} 第 1 行缺少列：{names}", f"{path.name}, line 1: columns are missing: {names}",
                  passes=Text("与列对照文件一致的表头", "a heading that has the columns of the mapping"))
    return heading


def _rows(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Lines with their numbers; a line that the reader cannot take comes as its error."""
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield reader.line_num, error  # type: ignore[attr-defined]
            continue
        if row:
            yield reader.line_num, row  # type: ignore[attr-defined]


def _take(auctions: dict[str, Auction], line: int, row: list[str] | csv.Error, heading: list[str], mapping: Mapping) -> None:
    """Sort one line into its auction."""
    if isinstance(row, csv.Error):
        lost = auctions.setdefault(f"line-{line}", Auction(f"line-{line}", line))
        lost.faults.append(Fault(line, "", "csv", Text(f"不是合法的 CSV 行：{row}", f"not a CSV line: {row}")))
        return
    cells = dict(zip(heading, (cell.strip() for cell in row), strict=False))
    key = "/".join(cells.get(name, "") for name in mapping.auction)
    if not all(cells.get(name) for name in mapping.auction):
        key = f"line-{line}"
    auction = auctions.setdefault(key, Auction(key, line))
    if len(row) != len(heading):
        said = Text(f"有 {len(row)} 列，应有 {len(heading)} 列", f"has {len(row)} cells; {len(heading)} are expected")
        auction.faults.append(Fault(line, "", "csv.columns", said))
        return
    if any("\udc80" <= char <= "\udcff" for cell in cells.values() for char in cell):
        said = Text(f"不是 {mapping.encoding} 文本", f"not {mapping.encoding} text")
        auction.faults.append(Fault(line, "", "csv.encoding", said))
        return
    if key.startswith("line-"):
        said = Text("没有写明属于哪次拍卖", "does not say to which auction it belongs")
        auction.faults.append(Fault(line, "+".join(mapping.auction), "auction.key", said))
        return
    Line(auction, line, cells, mapping).take()


@dataclass
class Line:
    """One line on its way into its auction."""

    auction: Auction
    number: int
    cells: dict[str, str]
    mapping: Mapping

    def take(self) -> None:
        """Add the bid; note the facts of the auction, which must be the same on all its lines."""
        auction = self.auction
        first = not auction.bids and not auction.faults
        price = self.money("bid", needed=True)
        ceiling, minimum = self.money("ceiling"), self.money("minimum")
        held = self.date()
        if not self.text("bidder"):
            self.fault("bidder", "bidder", Text("没有投标人名称", "the bidder's name is missing"))
        if first:
            auction.title, auction.held = self.text("title"), held
            auction.ceiling, auction.minimum = ceiling, minimum
        else:
            self._same(ceiling, minimum, held)
        if price is not None:
            auction.bids.append(self._bid(price))

    def _same(self, ceiling: int | None, minimum: int | None, held: date | None) -> None:
        auction = self.auction
        for name, now, before in (("ceiling", ceiling, auction.ceiling), ("minimum", minimum, auction.minimum), ("date", held, auction.held)):
            if now != before and not auction.faults:
                self.fault(name, "auction.same", Text("与同一次拍卖的前面各行不同", "differs from the auction's earlier lines"))
        if self.text("title") != auction.title and not auction.notes:
            auction.notes.append(Text(f"第 {self.number} 行的项目名称与前面不同", f"the title on line {self.number} differs"))

    def _bid(self, price: int) -> RecordedBid:
        return RecordedBid(
            line=self.number,
            bidder=self.text("bidder_id") or self.text("bidder"),
            name=self.text("bidder"),
            price=price,
            won=self.flag("winner"),
            excluded=self.flag("excluded"),
            excluded_because=self.text("excluded_because"),
            below_minimum=self.flag("below_minimum"),
        )

    def text(self, name: str) -> str:
        """The cell of one of our columns; '' when the mapping has none."""
        return self.cells.get(self.mapping.columns.get(name, ""), "")

    def flag(self, name: str) -> bool:
        """Whether the cell says yes."""
        return self.text(name) in self.mapping.values.get(name, ())

    def money(self, name: str, *, needed: bool = False) -> int | None:
        """The cell in fen; None when it is empty, or faulty (then the fault is noted)."""
        text = self.text(name)
        if not text:
            if needed:
                self.fault(name, "price.present", Text("没有报价", "there is no price"))
            return None
        try:
            fen = Decimal(text) * self.mapping.fen_per_unit
        except InvalidOperation:
            self.fault(name, "price.number", Text(f"“{text}”不是数字", f"“{text}” is not a number"))
            return None
        if not fen.is_finite() or fen <= 0:
            self.fault(name, "price.positive", Text(f"{text} 不大于零", f"{text} is not above zero"))
            return None
        if fen != fen.to_integral_value() or fen > money.MOST:
            self.fault(name, "price.range", Text(f"{text} 过大或不足一分", f"{text} is too large, or finer than a fen"))
            return None
        return int(fen)

    def date(self) -> date | None:
        """The day of the auction; None when faulty (then the fault is noted)."""
        text = self.text("date")
        try:
            return datetime.strptime(text, self.mapping.date_format).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            self.fault("date", "date", Text(f"“{text}”不是日期", f"“{text}” is not a date"))
            return None

    def fault(self, name: str, rule: str, text: Text) -> None:
        """Note a fault of this line."""
        self.auction.faults.append(Fault(self.number, self.mapping.columns.get(name, name), rule, text))


def _check(auction: Auction, mapping: Mapping) -> None:
    """What is wrong with an auction as a whole: a firm that bids twice."""
    seen: dict[str, int] = {}
    for bid in auction.bids:
        if bid.bidder in seen:
            said = Text(
                f"{bid.name} 在第 {seen[bid.bidder]} 行已有一个报价，一家只能报一次",
                f"{bid.name} has a bid on line {seen[bid.bidder]} already; a firm bids once",
            )
            auction.faults.append(Fault(bid.line, mapping.columns.get("bidder_id", mapping.columns["bidder"]), "bid.duplicate", said))
        seen.setdefault(bid.bidder, bid.line)
    if not auction.title:
        auction.title = auction.key
