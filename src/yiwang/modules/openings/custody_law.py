"""What the law file says of custody: how many custodians of how many bodies, deputies, drills."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from yiwang.kernel.lawfile import LawFile, law_path, read
from yiwang.kernel.text import Text

SOURCES = ("verified", "general_knowledge", "practice")
_RULE = ("id", "article", "source", "says")
_NUMBERS = {
    "make_up": ("usual", "needed", "bodies_usual", "bodies_least", "needed_least", "most"),
    "keys": ("within_hours", "challenge_minutes"),
    "deputies": ("before_hours", "after_minutes"),
    "drill": ("every_days", "release_minutes", "ahead_minutes"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of custody: its id, what it says, the article it serves, and whether it is law or practice."""

    id: str
    says: Text
    article: str
    source: str


@dataclass(frozen=True, slots=True)
class CustodyLaw:
    """The law file. Counts are of people or bodies; the rest are lengths of time."""

    make_up: Rule
    usual: int
    needed: int
    bodies_usual: int
    bodies_least: int
    needed_least: int
    most: int
    keys: Rule
    keys_within: timedelta
    challenge_lasts: timedelta
    deputies: Rule
    deputy_before: timedelta
    deputy_after: timedelta
    drill: Rule
    drill_every: timedelta
    drill_lasts: timedelta
    drill_ahead: timedelta


def custody_law() -> CustodyLaw:
    """The law of custody, read again when its file has changed. LawFault when the file is wrong."""
    path = law_path("custody.yaml")
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, changed_ns: int) -> CustodyLaw:
    file = read(path)
    file.only((), ("version", *_NUMBERS))
    n = {part: _numbers(file, part) for part in _NUMBERS}
    made = n["make_up"]
    if not 0 < made["needed_least"] <= made["needed"] <= made["usual"] <= made["most"]:
        raise file.fault(("make_up",), "人数的大小次序不对", "the numbers of custodians are not in order")
    if not 0 < made["bodies_least"] <= made["bodies_usual"] <= made["usual"]:
        raise file.fault(("make_up",), "单位数的大小次序不对", "the numbers of bodies are not in order")
    return CustodyLaw(
        make_up=_rule(file, "make_up"), **made,
        keys=_rule(file, "keys"), keys_within=timedelta(hours=n["keys"]["within_hours"]),
        challenge_lasts=timedelta(minutes=n["keys"]["challenge_minutes"]),
        deputies=_rule(file, "deputies"), deputy_before=timedelta(hours=n["deputies"]["before_hours"]),
        deputy_after=timedelta(minutes=n["deputies"]["after_minutes"]),
        drill=_rule(file, "drill"), drill_every=timedelta(days=n["drill"]["every_days"]),
        drill_lasts=timedelta(minutes=n["drill"]["release_minutes"]),
        drill_ahead=timedelta(minutes=n["drill"]["ahead_minutes"]),
    )  # fmt: skip


def _numbers(file: LawFile, part: str) -> dict[str, int]:
    file.only((part,), (*_RULE, *_NUMBERS[part]))
    found = {name: file.need((part, name), int) for name in _NUMBERS[part]}
    for name, value in found.items():
        if value < 0:
            raise file.fault((part, name), "不能是负数", "must not be negative")
    return found


def _rule(file: LawFile, part: str) -> Rule:
    return Rule(
        file.need((part, "id"), str), file.text((part, "says")), file.need((part, "article"), str),
        file.one_of((part, "source"), SOURCES),
    )  # fmt: skip
