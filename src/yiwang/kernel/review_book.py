"""The reviewer's rules, read from ``law/review``: restrictive terms, missing parts, dates, the form of the review."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from yiwang.kernel.lawfile import LawFile, Where, law_path, read
from yiwang.kernel.text import Text

SEVERITIES = ("block", "warn", "note")
"""``block``: no publication while it stands; ``warn``: change it or say why; ``note``: to be completed."""

_SOURCES = ("verified", "general_knowledge")
_COMMON = ("id", "severity", "title", "says", "passes", "article", "source")


@dataclass(frozen=True, slots=True)
class Rule:
    """What every rule of the reviewer says: id, severity, title, why, what would pass, article, source."""

    id: str
    severity: str
    title: Text
    says: Text
    passes: Text
    article: str
    source: str


@dataclass(frozen=True, slots=True)
class Term:
    """A restrictive term.

    Attributes:
        tracks, funding: where it applies; empty: everywhere.
        patterns: one of them must match; unless: one of them makes the sentence harmless.
        most: the match's first group is a number, a finding only above this; ``budget``: above the tender's budget.
    """

    rule: Rule
    tracks: tuple[str, ...]
    funding: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    most: int | str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part that may be missing: an empty fact, a kind of document, criteria, or a document that could not be read."""

    rule: Rule
    fact: str = ""
    document: str = ""
    criteria: bool = False
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in a document that the clock judges: ``event`` of the clock, words beside the date."""

    id: str
    severity: str
    title: Text
    event: str
    patterns: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the form: key, words, article, and the rules whose findings contradict a "no"."""

    key: str
    says: Text
    article: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """The form of the fair-competition review."""

    version: int
    article: str
    required_for: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class ReviewBook:
    """All rules of the reviewer."""

    terms: tuple[Term, ...]
    parts: tuple[Part, ...]
    dates: tuple[Dated, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    form: Form

    def rules(self) -> tuple[Rule, ...]:
        """Terms and parts as plain rules, in the order of the files."""
        return (*(term.rule for term in self.terms), *(part.rule for part in self.parts))


def book(folder: Path | None = None) -> ReviewBook:
    """The rules, read again when a file has changed.

    Raises:
        LawFault: a rule without article, an unknown severity, a pattern that is none; names file and line.
    """
    place = folder or law_path("review")
    return _book(place, sum(path.stat().st_mtime_ns for path in place.glob("*.yaml")))


@lru_cache(maxsize=4)
def _book(place: Path, changed_ns: int) -> ReviewBook:
    terms, parts = read(place / "terms.yaml"), read(place / "parts.yaml")
    found = ReviewBook(
        terms=tuple(_term(terms, ("terms", number)) for number in range(len(terms.need(("terms",), list)))),
        parts=tuple(_part(parts, ("parts", number)) for number in range(len(parts.need(("parts",), list)))),
        dates=tuple(_dated(parts, ("dates", number)) for number in range(len(parts.need(("dates",), list)))),
        before=_strings(terms, ("negations", "before")),
        after=_strings(terms, ("negations", "after")),
        form=_form(read(place / "form.yaml"), terms),
    )
    seen: set[str] = set()
    for number, item in enumerate(found.terms):
        if item.rule.id in seen:
            raise terms.fault(("terms", number), f"“{item.rule.id}”写了两次", f"“{item.rule.id}” stands twice")
        seen.add(item.rule.id)
    return found


def _rule(file: LawFile, at: Where) -> Rule:
    return Rule(
        id=file.need((*at, "id"), str),
        severity=file.one_of((*at, "severity"), SEVERITIES),
        title=file.text((*at, "title")),
        says=file.text((*at, "says")),
        passes=file.text((*at, "passes")),
        article=_article(file, at),
        source=file.one_of((*at, "source"), _SOURCES),
    )


def _article(file: LawFile, at: Where) -> str:
    """No rule without its article: what is held against somebody rests on the law."""
    article: str = file.need((*at, "article"), str)
    if not article.strip():
        raise file.fault((*at, "article"), "没有写依据条款", "cites no article")
    return article


def _term(file: LawFile, at: Where) -> Term:
    file.only(at, (*_COMMON, "tracks", "funding", "any", "unless", "most"))
    row = file.need(at, dict)
    most = row.get("most")
    if most not in (None, "budget") and not isinstance(most, int):
        raise file.fault((*at, "most"), "应为整数或 budget", "is a whole number or “budget”")
    return Term(
        rule=_rule(file, at),
        tracks=_some(file, (*at, "tracks")),
        funding=_some(file, (*at, "funding")),
        patterns=_patterns(file, (*at, "any")),
        unless=_patterns(file, (*at, "unless")) if "unless" in row else (),
        most=most,
    )


def _part(file: LawFile, at: Where) -> Part:
    file.only(at, (*_COMMON, "facts", "documents", "criteria", "unread"))
    row = file.need(at, dict)
    if sum(key in row for key in ("facts", "documents", "criteria", "unread")) != 1:
        raise file.fault(at, "应写明缺的是什么，只写一样", "says which one part may be missing")
    return Part(_rule(file, at), row.get("facts", ""), row.get("documents", ""), "criteria" in row, "unread" in row)


def _dated(file: LawFile, at: Where) -> Dated:
    file.only(at, ("id", "event", "severity", "title", "any"))
    return Dated(
        id=file.need((*at, "id"), str),
        severity=file.one_of((*at, "severity"), SEVERITIES),
        title=file.text((*at, "title")),
        event=file.need((*at, "event"), str),
        patterns=_patterns(file, (*at, "any")),
    )


def _form(file: LawFile, terms: LawFile) -> Form:
    known = {row["id"] for row in terms.need(("terms",), list)}
    questions = []
    for number in range(len(file.need(("questions",), list))):
        at: Where = ("questions", number)
        file.only(at, ("key", "says", "article", "rules"))
        names = _strings(file, (*at, "rules"))
        for place in range(len(names)):
            file.one_of((*at, "rules", place), known)
        questions.append(Question(file.need((*at, "key"), str), file.text((*at, "says")), _article(file, at), names))
    return Form(file.need(("version",), int), _article(file, ()), _strings(file, ("required_for",)), tuple(questions))


def _patterns(file: LawFile, at: Where) -> tuple[re.Pattern[str], ...]:
    return tuple(_pattern(file, (*at, number)) for number in range(len(file.need(at, list))))


def _pattern(file: LawFile, at: Where) -> re.Pattern[str]:
    source: str = file.need(at, str)
    words: dict[str, Any] = file.data.get("words", {})
    for name, pattern in words.items():
        source = source.replace(f"<{name}>", pattern)
    try:
        return re.compile(source)
    except re.error as error:
        raise file.fault(at, f"不是正确的正则表达式：{error}", f"is no regular expression: {error}") from None


def _strings(file: LawFile, at: Where) -> tuple[str, ...]:
    return tuple(file.need((*at, number), str) for number in range(len(file.need(at, list))))


def _some(file: LawFile, at: Where) -> tuple[str, ...]:
    return _strings(file, at) if at[-1] in file.need(at[:-1], dict) else ()
