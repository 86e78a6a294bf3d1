"""The rows of the promise table (promises.yaml beside this file)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from yiwang.kernel.lawfile import read
from yiwang.kernel.text import Text

DATA = Path(__file__).with_name("promises.yaml")
KINDS = {
    "S": Text("系统", "system"),
    "C": Text("能力", "capability"),
    "M": Text("机制", "mechanism"),
    "N": Text("数字", "number"),
    "P": Text("承诺", "promise"),
    "O": Text("难题", "problem"),
}


@dataclass(frozen=True, slots=True)
class Promise:
    """One row: ``id`` (S001 ...), the report's words, what must work, and the part of the report it stands in.

    ``still`` says what of it is still to come although tests prove a part; None when they prove the row whole.
    """

    id: str
    kind: str
    quote: str
    must: Text
    part: Text
    still: Text | None = None


@lru_cache(maxsize=1)
def promises() -> tuple[Promise, ...]:
    """All rows in order.

    Raises:
        LawFault: naming the line at which the file is wrong.
    """
    file = read(DATA)
    parts = {row["from"]: Text(row["zh"], row["en"]) for row in file.need(("parts",), list)}
    found: list[Promise] = []
    part = Text("", "")
    for number, row in enumerate(file.need(("promises",), list)):
        at = ("promises", number)
        file.only(at, ("id", "kind", "quote", "zh", "en", "still"))
        if row["id"] != f"S{number + 1:03d}":
            raise file.fault((*at, "id"), f"应为 S{number + 1:03d}", f"should be S{number + 1:03d}")
        if set(row["kind"].split(",")) - set(KINDS):
            raise file.fault((*at, "kind"), "种类不明", f"none of {', '.join(KINDS)}")
        part = parts.get(row["id"], part)
        still = file.text((*at, "still")) if "still" in row else None
        found.append(Promise(row["id"], row["kind"], row["quote"], file.text(at), part, still))
    return tuple(found)
