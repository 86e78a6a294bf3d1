"""The catalogue of items (``law/items.yaml``): conditions, materials, time, flow, the page that does each, and the date of the list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from yiwang.kernel.lawfile import LawFile, Where, law_path, read
from yiwang.kernel.procedures import ACTS
from yiwang.kernel.text import Text

WHO = ("public", "person", "manager", "buyer", "host", "tenderer", "evaluator", "center", "supervisor")

_KEYS = ("key", "who", "page", "act", "on_tender", "desk", "desk_en", "article", "zh", "en", "conditions", "materials", "flow", "time")


@dataclass(frozen=True, slots=True)
class Item:
    """One item.

    Attributes:
        who: role of the person who does it. page: name of its address; act: the act on a tender instead.
        on_tender: state of the tenders that have the page, when it hangs on a tender.
    """

    key: str
    who: str
    name: Text
    desk: Text
    article: str
    conditions: Text
    materials: Text
    flow: Text
    time: Text
    page: str = ""
    act: str = ""
    on_tender: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All items of one version, with the day on which it was published."""

    version: int
    published: date
    items: tuple[Item, ...]


def catalogue() -> Catalogue:
    """The catalogue, read again when its file has changed.

    Raises:
        LawFault: an item without its page, an unknown act, a text in one language only; names file and line.
    """
    path = law_path("items.yaml")
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read(path: Path, changed_ns: int) -> Catalogue:
    file = read(path)
    items = tuple(_item(file, ("items", number)) for number in range(len(file.need(("items",), list))))
    return Catalogue(file.need(("version",), int), date.fromisoformat(file.need(("published",), str)), items)


def _item(file: LawFile, at: Where) -> Item:
    file.only(at, _KEYS)
    row = file.need(at, dict)
    if ("page" in row) == ("act" in row):
        raise file.fault(at, "应写 page 或者 act，只写一样", "names either its page or its act")
    return Item(
        key=file.need((*at, "key"), str),
        who=file.one_of((*at, "who"), WHO),
        name=file.text(at),
        desk=Text(file.need((*at, "desk"), str), file.need((*at, "desk_en"), str)),
        article=file.need((*at, "article"), str),
        conditions=file.text((*at, "conditions")),
        materials=file.text((*at, "materials")),
        flow=file.text((*at, "flow")),
        time=file.text((*at, "time")),
        page=row.get("page", ""),
        act=file.one_of((*at, "act"), ACTS) if "act" in row else "",
        on_tender=row.get("on_tender", ""),
    )
