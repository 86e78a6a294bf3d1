"""What the center counts of its own work (``law/figures.yaml``) and the policies whose benefit it counts (``law/policies.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from yiwang.kernel.lawfile import LawFile, law_path, read
from yiwang.kernel.text import Text

APPLIES = ("government", "deductions", "reserved", "always")
BENEFITS = ("bond", "fee", "award", "document", "none")


@dataclass(frozen=True, slots=True)
class CycleStep:
    """A step of the cycle: between two moments of a tender's events."""

    key: str
    start: str
    end: str
    name: Text


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause of delay and on whose side it lies."""

    key: str
    whose: str
    name: Text


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature whose coverage is counted, with its target in percent."""

    key: str
    target: Decimal
    name: Text


@dataclass(frozen=True, slots=True)
class FiguresLaw:
    """All of ``law/figures.yaml``."""

    cycle: tuple[CycleStep, ...]
    causes: Mapping[str, Cause]
    coverage: tuple[Feature, ...]
    paperless: Decimal


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy: whether it is on, where it applies, how its benefit is counted, article."""

    key: str
    on: bool
    applies: str
    benefit: str
    title: Text
    says: Text
    article: str


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies; ``document_fee`` is what a set of documents used to cost, fen."""

    document_fee: int
    rows: tuple[Policy, ...]


def figures_law() -> FiguresLaw:
    """What is counted; LawFault when the file is wrong."""
    path = law_path("figures.yaml")
    return _figures(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _figures(path: Path, changed_ns: int) -> FiguresLaw:
    file = read(path)
    cycle = tuple(
        CycleStep(
            file.need(("cycle", n, "key"), str), file.need(("cycle", n, "from"), str), file.need(("cycle", n, "to"), str),
            file.text(("cycle", n)),
        )
        for n in range(_length(file, "cycle"))
    )  # fmt: skip
    causes = [
        Cause(file.need(("causes", n, "key"), str), file.need(("causes", n, "whose"), str), file.text(("causes", n)))
        for n in range(_length(file, "causes"))
    ]
    coverage = tuple(
        Feature(
            file.need(("coverage", n, "key"), str), Decimal(file.need(("coverage", n, "target"), str)), file.text(("coverage", n))
        )
        for n in range(_length(file, "coverage"))
    )
    return FiguresLaw(cycle, {each.key: each for each in causes}, coverage, Decimal(file.need(("paperless", "target"), str)))


def policies() -> Policies:
    """The policies; LawFault when the file is wrong."""
    path = law_path("policies.yaml")
    return _policies(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _policies(path: Path, changed_ns: int) -> Policies:
    file, rows = read(path), []
    for n in range(_length(file, "policies")):
        at = ("policies", n)
        file.only(at, ("key", "on", "applies", "benefit", "title", "says", "article"))
        rows.append(
            Policy(
                file.need((*at, "key"), str), file.need((*at, "on"), bool), file.one_of((*at, "applies"), APPLIES),
                file.one_of((*at, "benefit"), BENEFITS), file.text((*at, "title")), file.text((*at, "says")),
                file.need((*at, "article"), str),
            )
        )  # fmt: skip
    return Policies(file.need(("document_fee",), int), tuple(rows))


def _length(file: LawFile, key: str) -> int:
    return len(file.need((key,), list))
