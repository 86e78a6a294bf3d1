"""The answers that the command line prints: plain canonical JSON."""

import json
from datetime import date

import pytest

from yiwang.kernel.canonical import canonical
from yiwang.kernel.errors import BadInput
from yiwang.kernel.law_answers import law_clock, law_evaluate


def test_the_clock_as_json() -> None:
    answer = law_clock("open_tender_works", {"tender_doc.issue_start": "2026-09-07T09:00"})
    canonical(answer)
    close = next(step for step in answer["steps"] if step["key"] == "close")
    assert close["earliest"] == "2026-09-27T16:00:00Z"
    assert close["rules"] == ["GC-01", "GC-06"]
    assert close["articles"][0] == "招标投标法 第24条"
    assert any("20" in line["en"] for line in close["count"][0]["lines"])
    assert answer["ok"] is True


def test_the_clock_says_when_a_date_is_unlawful() -> None:
    answer = law_clock(
        "open_tender_works",
        {"tender_doc.issue_start": "2026-09-07", "bid.deadline": "2026-09-20T09:30+08:00"},
        closures=[date(2026, 9, 28)],
    )
    close = next(step for step in answer["steps"] if step["key"] == "close")
    assert answer["ok"] is False
    assert close["refused"][0]["code"] == "GC-01"
    assert "2026-09-29" in close["refused"][0]["passes"]["en"]


@pytest.mark.parametrize(
    ("procedure", "events", "field"),
    [
        ("no_such", {}, "procedure"),
        ("open_tender_works", {"bid.deadline": "tomorrow"}, "bid.deadline"),
        ("open_tender_works", {"bid.deadlin": "2026-09-20"}, "bid.deadlin"),
    ],
)
def test_bad_input_names_its_field(procedure, events, field) -> None:
    with pytest.raises(BadInput) as refused:
        law_clock(procedure, events)
    assert refused.value.reasons[0].field == field


def test_evaluation_by_the_name_of_a_formula() -> None:
    data = {
        "formula": {"id": "lowest_price_within_bounds", "settings": {"price.ceiling": 1000, "price.minimum": 500}},
        "bids": [{"bid": "A", "price": 499}, {"bid": "B", "price": 600}, {"bid": "C", "price": 700}],
    }
    answer = law_evaluate(json.loads(json.dumps(data)))
    assert answer["winner"] == "B"
    assert [item["bid"] for item in answer["results"]] == ["B", "C", "A"]
    canonical(answer)


@pytest.mark.parametrize(
    "data", [{}, {"formula": {"id": "x", "colour": 1}, "bids": []}, {"formula": {"id": "none"}, "bids": []}, []]
)
def test_evaluation_of_nonsense_is_bad_input(data) -> None:
    with pytest.raises(BadInput):
        law_evaluate(data)
