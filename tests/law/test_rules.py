"""The catalogue: one page per rule, complete in both languages."""

import pytest

from yiwang.kernel.clock import ClockBook
from yiwang.kernel.errors import BadInput
from yiwang.kernel.procedures import ACTS, all_procedures
from yiwang.kernel.rules import all_rules, rule_page

PAGES = all_rules()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
def test_a_page_has_title_article_and_explanation(page) -> None:
    assert page.article
    for text in (page.title, page.explanation):
        assert text.zh
        assert text.en
    if page.kind in ("clock", "committee", "formula"):
        assert all(example.lines for example in page.examples)
        assert page.examples


def test_ids_are_unique_and_every_rule_has_a_page() -> None:
    ids = [page.id for page in PAGES]
    assert len(ids) == len(set(ids))
    assert set(ClockBook.load().rules) <= set(ids)
    assert {f"publicity.{act}" for act in ACTS} <= set(ids)
    for procedure in all_procedures():
        used = {procedure.least_bids_rule, procedure.committee.rule, *procedure.clock_rules()}
        used |= {f"formula.{item.id}" for item in procedure.formulas}
        assert used <= set(ids)


def test_a_page_names_the_procedures_that_use_it() -> None:
    assert "open_tender_works" in rule_page("GC-01").procedures
    assert rule_page("TD-01").procedures == ()
    assert "2026-09-28" in " ".join(line.zh for line in rule_page("GC-01").examples[0].lines)


def test_an_unknown_rule_is_bad_input() -> None:
    with pytest.raises(BadInput):
        rule_page("XX-1")
