"""The mapping file: which column of a table of bids is what."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from yiwang.kernel import lawfile
from yiwang.kernel.errors import bad
from yiwang.kernel.lawfile import LawFile
from yiwang.kernel.text import Text

REQUIRED = ("bidder", "bid", "winner", "date", "title")
OPTIONAL = ("bidder_id", "ceiling", "minimum", "excluded", "excluded_because", "below_minimum")
FLAGS = ("winner", "excluded", "below_minimum")
_KEYS = ("name", "origin", "encoding", "delimiter", "auction", "columns", "values", "date_format", "amount", "category")


@dataclass(frozen=True)
class Mapping:
    """One mapping.

    Attributes:
        auction: the columns that together name an auction.
        columns: our name of a column to the table's.
        values: for flag columns, the cell texts that mean yes.
        fen_per_unit: how many fen one unit of the table's currency is played as.
        said: the same in a sentence, kept in each tender's description.
    """

    name: str
    origin: str
    encoding: str
    delimiter: str
    auction: tuple[str, ...]
    columns: Map[str, str]
    values: Map[str, tuple[str, ...]]
    date_format: str
    currency: str
    fen_per_unit: int
    said: Text
    category: str

    def needed(self) -> list[str]:
        """Every column of the table that the mapping names."""
        return [*self.auction, *self.columns.values()]


def default_path() -> Path:
    """The mapping that comes with the program."""
    return Path(str(files("yiwang.demo"))) / "mappings" / "tsuchiura.yaml"


def read(path: Path) -> Mapping:
    """Read a mapping.

    Raises:
        BadInput: naming file, line, and what is wrong there.
    """
    if not path.is_file():
        raise bad("mapping", f"没有列对照文件 {path}", f"there is no mapping file {path}")
    try:
        file = lawfile.parse(path.name, path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise bad("mapping", f"{path.name} 不是 UTF-8 文本", f"{path.name} is not UTF-8 text") from None
    file.only((), _KEYS)
    columns = _columns(file)
    amount = file.need(("amount",), dict)
    per_unit = file.need(("amount", "fen_per_unit"), int)
    if per_unit < 1:
        raise file.fault(("amount", "fen_per_unit"), "应为正整数", "must be a whole number above zero")
    return Mapping(
        name=file.need(("name",), str),
        origin=file.need(("origin",), str),
        encoding=_encoding(file),
        delimiter=_delimiter(file),
        auction=tuple(str(each) for each in file.need(("auction",), list)),
        columns=columns,
        values=_values(file, columns),
        date_format=file.need(("date_format",), str),
        currency=file.need(("amount", "currency"), str),
        fen_per_unit=per_unit,
        said=Text(str(amount.get("zh", "")), str(amount.get("en", ""))),
        category=file.one_of(("category",), ("works", "goods", "services")),
    )


def _columns(file: LawFile) -> dict[str, str]:
    file.only(("columns",), (*REQUIRED, *OPTIONAL))
    found = {str(key): str(value) for key, value in file.need(("columns",), dict).items()}
    for name in REQUIRED:
        file.need(("columns", name), str)
        found[name] = found[name].strip()
    return found


def _values(file: LawFile, columns: dict[str, str]) -> dict[str, tuple[str, ...]]:
    file.only(("values",), FLAGS)
    found: dict[str, tuple[str, ...]] = {}
    for name in FLAGS:
        if name in columns:
            texts: list[Any] = file.need(("values", name), list)
            found[name] = tuple(str(text) for text in texts)
    return found


def _encoding(file: LawFile) -> str:
    name = str(file.need(("encoding",), str))
    try:
        "".encode(name)
    except LookupError:
        raise file.fault(("encoding",), f"没有编码“{name}”", f"there is no encoding “{name}”") from None
    return name


def _delimiter(file: LawFile) -> str:
    text = str(file.need(("delimiter",), str))
    if len(text) != 1:
        raise file.fault(("delimiter",), "应为一个字符", "must be one character")
    return text
