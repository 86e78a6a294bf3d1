"""Reads of reviews: what the reviewer finds in a tender now, what is justified, what is still open."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from yiwang.kernel import review, review_book
from yiwang.kernel.calendar import Calendar, NoArrangement
from yiwang.kernel.canonical import canonical
from yiwang.kernel.clock_count import count
from yiwang.kernel.review import READ, Case, Finding, Lawful, Source
from yiwang.kernel.text import Text
from yiwang.modules.reviews import reading
from yiwang.modules.reviews.models import Justification, Review
from yiwang.modules.tenders import rules as tender_rules
from yiwang.modules.tenders.selectors import law_of

_FACTS = ("title", "description", "qualification", "contact", "region", "formula", "validity_days")
_ORDER = review_book.SEVERITIES.index


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding with the reason that the buyer gave for it, '' while there is none."""

    finding: Finding
    reason: str

    @property
    def open(self) -> bool:
        """Whether it still holds up the publication."""
        return self.finding.severity == "block" or (self.finding.severity == "warn" and not self.reason)


def findings(tender: Any, now: datetime) -> tuple[Finding, ...]:
    """What the reviewer finds in the entry and in the words of the documents, if the notice went out now."""
    case = case_of(tender, now)
    found = {each.key: each for each in review.missing(case)}
    track, terms = case.track, (case.funding, case.budget)
    sources = [*(Source(name, str(case.facts.get(key) or "")) for key, name in READ.items()), *case.sources]
    for source in sources:
        texts = (*_terms(source.words, track, terms, source.name, _book_age()), *review.dates_in(source.words, case.lawful, source.name))
        for each in texts:
            found.setdefault(each.key, each)
    return tuple(sorted(found.values(), key=lambda each: _ORDER(each.severity)))


def judged(tender: Any, now: datetime) -> tuple[Judged, ...]:
    """The findings with their reasons. Justifications are read only when something needs one."""
    found = findings(tender, now)
    given = reasons(tender) if any(each.severity == "warn" for each in found) else {}
    return tuple(Judged(each, given.get(each.key, "")) for each in found)


def still_open(tender: Any, now: datetime) -> tuple[Finding, ...]:
    """The findings that hold up the publication."""
    return tuple(each.finding for each in judged(tender, now) if each.open)


def reasons(tender: Any) -> dict[str, str]:
    """The reasons given, by finding."""
    return {each.finding: each.reason for each in justifications(tender)}


def justifications(tender: Any) -> Iterable[Justification]:
    """The reasons given, in order; public with the notice."""
    found: Iterable[Justification] = tender.justifications.all()
    return found


def form_of(tender: Any) -> Review | None:
    """The form as it was signed off last."""
    return Review.objects.filter(tender=tender).first()


def is_current(tender: Any, form: Review) -> bool:
    """Whether the form was signed off for what the tender says now."""
    return form.read == digest(tender)


def digest(tender: Any) -> str:
    """Names what was read: the facts that are texts and the documents' hashes."""
    content = {
        **{key: str(getattr(tender, key)) for key in ("title", "description", "qualification")},
        "documents": sorted(each.sha256 for each in tender.documents.all()),
    }
    return hashlib.sha256(canonical(content)).hexdigest()


def case_of(tender: Any, now: datetime) -> Case:
    """The tender as the reviewer sees it."""
    documents = list(tender.documents.all())
    return Case(
        track=law_of(tender).track,
        funding=tender.funding,
        budget=tender.budget,
        facts={name: getattr(tender, name) for name in _FACTS},
        sources=tuple(_source(each) for each in documents),
        documents=tuple(each.kind for each in documents),
        lawful=lawful(tender, now),
    )


def lawful(tender: Any, now: datetime) -> dict[str, Lawful]:
    """The earliest lawful moments of the dates that documents may hold, if the notice went out now."""
    found: dict[str, Lawful] = {}
    for events in (tender_rules.BID_PREPARATION, tender_rules.DOCUMENT_ISSUE):
        for rule in tender_rules.rules_between(law_of(tender), events):
            try:
                at = count(rule, now, Calendar.load()).earliest
            except NoArrangement:  # a year whose holidays are not known yet: the publication itself will say so
                continue
            if rule.hard and at is not None and (events[1] not in found or at > found[events[1]].at):
                found[events[1]] = Lawful(at, rule.id, rule.article)
    return found


def _source(document: Any) -> Source:
    words, whole = reading.words_of(document.sha256, document.media_type)
    return Source(Text(f"{document.title}（{document.filename}）", f"{document.title} ({document.filename})"), words, whole)


@lru_cache(maxsize=512)
def _terms(words: str, track: str, money: tuple[str, int], name: Text, book: int) -> tuple[Finding, ...]:
    funding, budget = money
    return review.terms_in(words, track=track, funding=funding, budget=budget, name=name)


def _book_age() -> int:
    """Changes with the rules, so that what was found by older ones is not kept."""
    return id(review_book.book())
