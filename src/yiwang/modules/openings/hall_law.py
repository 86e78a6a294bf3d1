"""What the law file says of the opening hall: grounds to put off an opening, the window for objections, causes of delay."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from yiwang.kernel.lawfile import LawFile, law_path, read
from yiwang.kernel.text import Text

NEEDS = ("", "objection", "keys")


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground on which an opening may be put off; ``needs``: what must be true then, '' when we cannot see it."""

    key: str
    article: str
    says: Text
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Cause:
    """A class of what holds up a session, and on whose side it lies."""

    key: str
    name: Text
    whose: str


@dataclass(frozen=True, slots=True)
class HallLaw:
    """The law file. ``usual``, ``least``, ``most``: minutes of the window in which one confirms or objects."""

    grounds: dict[str, Ground]
    causes: dict[str, Cause]
    usual: int
    least: int
    most: int
    article: str


def hall_law() -> HallLaw:
    """The law of the hall, read again when its file has changed. LawFault when the file is wrong."""
    path = law_path("hall.yaml")
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, changed_ns: int) -> HallLaw:
    file = read(path)
    file.only((), ("version", "grounds", "window", "causes"))
    grounds = [_ground(file, n) for n in range(len(file.need(("grounds",), list)))]
    causes = [_cause(file, n) for n in range(len(file.need(("causes",), list)))]
    usual, least, most = (file.need(("window", name), int) for name in ("usual", "least", "most"))
    if not 0 < least <= usual <= most:
        raise file.fault(("window",), "分钟数的大小次序不对", "the minutes are not in order")
    return HallLaw(
        {each.key: each for each in grounds}, {each.key: each for each in causes}, usual, least, most,
        file.need(("window", "article"), str),
    )  # fmt: skip


def _ground(file: LawFile, number: int) -> Ground:
    at = ("grounds", number)
    file.only(at, ("key", "needs", "article", "says"))
    needs = file.data["grounds"][number].get("needs", "")
    if needs not in NEEDS:
        raise file.fault((*at, "needs"), f"不认识“{needs}”", f"“{needs}” is not known here")
    return Ground(file.need((*at, "key"), str), file.need((*at, "article"), str), file.text((*at, "says")), needs)


def _cause(file: LawFile, number: int) -> Cause:
    at = ("causes", number)
    file.only(at, ("key", "whose", "zh", "en"))
    return Cause(file.need((*at, "key"), str), file.text(at), file.need((*at, "whose"), str))
