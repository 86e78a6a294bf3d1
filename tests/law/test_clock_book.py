"""The rules as data: complete, each with an article, and a wrong file told by line."""

from pathlib import Path

import pytest

from yiwang.kernel.clock import ClockBook
from yiwang.kernel.errors import BadInput
from yiwang.kernel.lawfile import LawFault

BOOK = ClockBook.load()


@pytest.mark.parametrize("rule", list(BOOK), ids=lambda rule: rule.id)
def test_every_rule_has_an_article_a_title_and_a_source(rule) -> None:
    assert rule.article
    assert rule.law.name.zh in rule.article
    assert rule.title.zh
    assert rule.title.en
    assert rule.source in ("verified", "general_knowledge")
    assert (rule.source == "verified") == bool(rule.read_in)


def test_the_whole_table_is_there() -> None:
    assert len(BOOK.rules) >= 122
    assert {"GC-01", "GC-29", "ZC-01", "ZC-47", "TD-09", "KY-05", "CQ-12", "AL-15", "LO-05"} <= BOOK.rules.keys()


def test_articles_are_cited_as_the_law_is() -> None:
    assert BOOK.rule("GC-01").article == "招标投标法 第24条"
    assert BOOK.rule("AL-04").article == "行政处罚法 第64、85条"
    assert BOOK.rule("ZC-01").article == "关于开展政府采购意向公开工作的通知（财库〔2020〕10号）"


def test_event_names_differ_from_each_other() -> None:
    for language in ("zh", "en"):
        names = [getattr(name, language) for name in BOOK.events.values()]
        assert len(names) == len(set(names))


def test_an_unknown_rule_or_event_is_bad_input() -> None:
    with pytest.raises(BadInput):
        BOOK.rule("GC-99")
    with pytest.raises(BadInput):
        BOOK.event("nothing.happened")


GOOD = """version: 1
laws:
  L: {zh: 法, en: Law, doc: 1号}
events:
  a: {zh: 甲, en: A}
  b: {zh: 乙, en: B}
rules:
- {id: X-1, trade: all, methods: [all], actor: buyer, from: a, to: b, bound: min, amount: 3,
   unit: natural_day, direction: after, law: L, article: "1", kind: hard, source: verified, read_in: text}
"""


def test_a_good_small_book_loads(tmp_path: Path) -> None:
    path = tmp_path / "clock.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert ClockBook.load(path).rule("X-1").length.en == "3 days"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("to: b", "to: c", 8),
        ("amount: 3", "amount: -3", 8),
        ("amount: 3", "amount: three", 8),
        ("unit: natural_day", "unit: fortnight", 9),
        ("direction: after", "direction: within, until: a", 8),
        ('article: "1"', "article: 1", 9),
        ("law: L", "law: M", 9),
        ("kind: hard", "kind: harsh", 9),
        ("read_in: text", "readin: text", 9),
        ("  b: {zh: 乙, en: B}", "  b: {zh: 乙}", 6),
        ("  b: {zh: 乙, en: B}", "  a: {zh: 乙, en: B}", 6),
        ("version: 1", "version: @1", 1),
    ],
)
def test_a_wrong_book_is_refused_by_line(tmp_path: Path, old: str, new: str, line: int) -> None:
    path = tmp_path / "clock.yaml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(LawFault) as fault:
        ClockBook.load(path)
    reason = fault.value.reasons[0]
    assert reason.field == f"clock.yaml:{line}", reason.message.en
    assert reason.message.zh != reason.message.en
