"""The reviewer: reads a tender before it is published and says what the law would hold against it, sentence by sentence.

It is a reader of words, not a judge: what it finds is worth changing or explaining, and each finding cites its article.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from yiwang.kernel import review_book
from yiwang.kernel.moment import LOCAL
from yiwang.kernel.review_book import Dated, Part, ReviewBook, Rule, Term
from yiwang.kernel.review_text import Sentence, dates, number, sentences
from yiwang.kernel.text import Text

_CLAUSE = re.compile(r"(?:(?:的|者|的单位|的企业)，)?[^，]*")
"""What still belongs to a match: the rest of its clause; after “...的，” the next clause, which says what follows from it."""

REACH = 12
"""How many characters before or after a match a negation may stand."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text to read: its name, its words, and whether all of it could be read."""

    name: Text
    words: str
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Lawful:
    """The earliest lawful moment of a clock event, with the rule and the article that say so."""

    at: datetime
    rule: str
    article: str


@dataclass(frozen=True, slots=True)
class Case:
    """A tender as the reviewer sees it.

    Attributes:
        facts: of the entry, by name; strings are read as texts too where :data:`READ` names them.
        documents: kinds of documents that are attached.
        budget: fen. lawful: by clock event, the earliest lawful moment if the notice went out now.
    """

    track: str
    funding: str
    budget: int
    facts: Mapping[str, Any]
    sources: tuple[Source, ...] = ()
    documents: tuple[str, ...] = ()
    lawful: Mapping[str, Lawful] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: rule, severity, title, why, article, what would pass, and where.

    Attributes:
        source: name of the text; line and offsets of the sentence in it; all empty or 0 for what is missing altogether.
        quote: the words that matched.
    """

    rule: str
    severity: str
    title: Text
    says: Text
    article: str
    passes: Text
    source: Text | None = None
    sentence: str = ""
    line: int = 0
    start: int = 0
    end: int = 0
    quote: str = ""

    @property
    def key(self) -> str:
        """Names the finding across readings: the same rule on the same sentence, wherever it moved."""
        return f"{self.rule}-{hashlib.sha256(self.sentence.encode()).hexdigest()[:12]}"

    @property
    def position(self) -> Text:
        """Where it stands, for people."""
        if self.source is None:
            return Text("整个项目", "the tender as a whole")
        return Text(f"{self.source.zh} 第{self.line}行", f"{self.source.en}, line {self.line}")


READ: Mapping[str, Text] = {
    "title": Text("项目名称", "title"),
    "description": Text("招标内容和范围", "what is tendered"),
    "qualification": Text("投标人资格要求", "qualification of tenderers"),
}
"""Facts that are read as texts."""


def review(case: Case, rules: ReviewBook | None = None) -> tuple[Finding, ...]:
    """All findings, those that block first; each once for a rule and a sentence."""
    book = rules or review_book.book()
    facts = [Source(name, str(case.facts.get(key) or "")) for key, name in READ.items()]
    found: dict[str, Finding] = {}
    for finding in (*_parts(book, case), *_texts(book, case, (*facts, *case.sources))):
        found.setdefault(finding.key, finding)
    return tuple(sorted(found.values(), key=lambda each: review_book.SEVERITIES.index(each.severity)))


def terms_in(words: str, *, track: str, funding: str, budget: int, name: Text, rules: ReviewBook | None = None) -> tuple[Finding, ...]:
    """The restrictive terms of one text alone; its result never changes for the same words and rules, so it may be kept."""
    book = rules or review_book.book()
    applying = [term for term in book.terms if _applies(term, track, funding)]
    return tuple(each for sentence in sentences(words) for each in _of_sentence(book, applying, sentence, budget, name))


def dates_in(words: str, lawful: Mapping[str, Lawful], name: Text, rules: ReviewBook | None = None) -> tuple[Finding, ...]:
    """The dates of one text that lie before the earliest lawful moment."""
    book = rules or review_book.book()
    dated = [each for each in book.dates if each.event in lawful]
    return tuple(
        found for sentence in sentences(words) for each in dated if (found := _too_early(each, lawful[each.event], sentence, name))
    )


def missing(case: Case, rules: ReviewBook | None = None) -> tuple[Finding, ...]:
    """What is missing from the tender as a whole."""
    return tuple(_parts(rules or review_book.book(), case))


def _texts(book: ReviewBook, case: Case, sources: Iterable[Source]) -> Iterator[Finding]:
    for source in sources:
        yield from terms_in(
            source.words, track=case.track, funding=case.funding, budget=case.budget, name=source.name, rules=book
        )
        yield from dates_in(source.words, case.lawful, source.name, book)


def _applies(term: Term, track: str, funding: str) -> bool:
    return (not term.tracks or track in term.tracks) and (not term.funding or funding in term.funding)


def _of_sentence(
    book: ReviewBook, terms: Iterable[Term], sentence: Sentence, budget: int, name: Text
) -> Iterator[Finding]:
    bare = sentence.bare
    for term in terms:
        quote = _match(book, term, bare, budget)
        if quote:
            yield _finding(term.rule, name, sentence, quote)


def _match(book: ReviewBook, term: Term, bare: str, budget: int) -> str:
    """The words that the term's patterns find in a sentence and that nothing makes harmless; '' when there are none."""
    if any(pattern.search(bare) for pattern in term.unless):
        return ""
    for pattern in term.patterns:
        for match in pattern.finditer(bare):
            if not _negated(book, bare, match.start(), match.end()) and _exceeds(term, match.groups(), budget):
                return match.group(0)
    return ""


def _negated(book: ReviewBook, bare: str, start: int, end: int) -> bool:
    head, matched = bare[max(0, start - REACH) : start], bare[start:end]
    after = _CLAUSE.match(bare[end : end + REACH])
    tail = after.group(0) if after else ""
    return any(word in head for word in book.before) or any(word in tail or matched.endswith(word) for word in book.after)


def _exceeds(term: Term, groups: tuple[str | None, ...], budget: int) -> bool:
    if term.most is None:
        return True
    value = next((found for group in groups if group and (found := number(group)) is not None), None)
    if value is None:
        return False
    return value * 100 > budget if term.most == "budget" else value > Decimal(term.most)


def _finding(rule: Rule, name: Text, sentence: Sentence, quote: str) -> Finding:
    return Finding(
        rule.id, rule.severity, rule.title, rule.says, rule.article, rule.passes,
        name, sentence.words, sentence.line, sentence.start, sentence.end, quote,
    )  # fmt: skip


def _too_early(dated: Dated, lawful: Lawful, sentence: Sentence, name: Text) -> Finding | None:
    bare = sentence.bare
    if not any(pattern.search(bare) for pattern in dated.patterns):
        return None
    written = dates(bare)
    if not written or max(written) >= lawful.at:
        return None
    local = lawful.at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")
    return Finding(
        dated.id, dated.severity, dated.title,
        Text(f"按 {lawful.rule}，现在发布公告的，最早为 {local}。", f"By {lawful.rule}, if the notice went out now: {local} at the earliest."),
        lawful.article, Text(f"{local} 或以后", f"{local} or later"),
        name, sentence.words, sentence.line, sentence.start, sentence.end, sentence.words,
    )  # fmt: skip


def _parts(book: ReviewBook, case: Case) -> Iterator[Finding]:
    for part in book.parts:
        if part.unread:
            for source in case.sources:
                if not source.whole:
                    yield _lack(part, source.name)
        elif _is_missing(part, case):
            yield _lack(part)


def _is_missing(part: Part, case: Case) -> bool:
    if part.fact:
        return not str(case.facts.get(part.fact) or "").strip()
    if part.document:
        return part.document not in case.documents
    formula = case.facts.get("formula") or {}
    return formula.get("rank_by") == "score" and not formula.get("criteria") and not (formula.get("price") or {}).get("score")


def _lack(part: Part, source: Text | None = None) -> Finding:
    rule = part.rule
    return Finding(
        rule.id, rule.severity, rule.title, rule.says, rule.article, rule.passes, source, sentence=source.zh if source else ""
    )
