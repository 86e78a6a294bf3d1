"""Arithmetic correction and priced deviations: the law's order, bad figures refused when typed, words and figures alike."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.kernel import corrections
from yiwang.kernel.amount_words import fen_of_words, words_of_fen
from yiwang.kernel.errors import BadInput
from yiwang.kernel.formula_book import template
from yiwang.kernel.law_answers import law_evaluate
from yiwang.kernel.lawfile import LawFault, law_path

GOV, WORKS = corrections.order("gov_tender_87"), corrections.order("construction_12")
DETAIL = [{"name": "甲", "unit": "100", "quantity": "11", "total": 110_000}]


def corrected(order: corrections.CorrectionOrder, quoted: int, **figures: object) -> tuple[int, list[str]]:
    found = corrections.correct(order, quoted, corrections.read_figures(figures))
    return found.price, [step.rule.key for step in found.steps]


def test_the_order_of_the_law_decides_and_tracks_differ() -> None:
    """Figures 1000, words 1050, a list that states 1100 and comes to 1100: each track by its own order."""
    both = {"words": "壹仟零伍拾元整", "detail": 110_000, "lines": DETAIL}
    assert corrected(GOV, 100_000, **both) == (105_000, ["sheet_over_detail", "words_over_figures"])
    assert corrected(WORKS, 100_000, **both) == (110_000, ["words_over_figures", "unit_over_total"])
    assert corrected(GOV, 100_000, lines=DETAIL) == (110_000, ["unit_over_total"])
    assert corrections.order_for("construction") == WORKS and corrections.order_for("gov_procurement") == GOV


@pytest.mark.parametrize(
    ("unit", "total", "price", "rules"),
    [
        ("33.3333", 10_000_00, 10_000_00, ["decimal_point"]),  # a hundredth of 3333.33: the total stands
        ("333333", 10_000_00, 10_000_00, ["decimal_point"]),
        ("3300", 10_000_00, 9_900_00, ["unit_over_total"]),  # merely wrong: the unit price stands
        ("0", 10_000_00, None, []),  # comes to nothing: no price
    ],
)
def test_a_misplaced_decimal_point_is_told_from_a_wrong_sum(
    unit: str, total: int, price: int | None, rules: list[str]
) -> None:
    lines = [{"name": "泵", "unit": unit, "quantity": "3", "total": total}]
    if price is None:
        with pytest.raises(BadInput):
            corrected(WORKS, total, lines=lines)
    else:
        assert corrected(WORKS, total, lines=lines) == (price, rules)


@settings(deadline=None)
@given(st.integers(1, 10**14 - 1))
def test_words_and_figures_say_the_same(fen: int) -> None:
    assert fen_of_words(words_of_fen(fen)) == fen
    assert fen_of_words(f"人民币{words_of_fen(fen)}".replace("元", "圆").replace("整", "正")) == fen


LINE = {"name": "甲", "unit": "1", "quantity": "2", "total": 300}


@pytest.mark.parametrize(
    ("figures", "field"),
    [
        ({}, "figures"),
        ([], "figures"),
        ({"colour": 1}, "figures"),
        ({"words": "很多钱"}, "figures.words"),
        ({"words": 5}, "figures.words"),
        ({"detail": -1}, "figures.detail"),
        ({"detail": 10**30}, "figures.detail"),
        ({"detail": 1.5}, "figures.detail"),
        ({"lines": {}}, "figures.lines"),
        ({"lines": [LINE] * 501}, "figures.lines"),
        ({"lines": [{**LINE, "quantity": "0"}]}, "figures.lines[0].quantity"),
        ({"lines": [{**LINE, "quantity": "1e999999"}]}, "figures.lines[0].quantity"),
        ({"lines": [{**LINE, "unit": "1e-9"}]}, "figures.lines[0].unit"),
        ({"lines": [{**LINE, "unit": 1.5}]}, "figures.lines[0].unit"),
        ({"lines": [{**LINE, "total": "3"}]}, "figures.lines[0].total"),
        ({"lines": [{"name": "甲", "unit": "1", "total": 300}]}, "figures.lines[0]"),
        ({"lines": [{**LINE, "name": " "}]}, "figures.lines[0].name"),
        ({"lines": [{**LINE, "total": 200}, {"name": "乙", "total": 800}]}, "figures"),  # all agree: nothing to correct
    ],
)
def test_bad_figures_are_refused_naming_the_figure(figures: object, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        corrections.correct(WORKS, 1000, corrections.read_figures(figures))
    assert refused.value.reasons[0].field == field
    assert refused.value.reasons[0].message.zh and refused.value.reasons[0].message.en


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("when: words_differ", "when: guess"),
        ("price: 98900000", "price: 98900001"),
        ("minutes: 30", "minutes: 0"),
        ("closes: true", "closes: yes please"),
    ],
)
def test_an_unsound_file_is_refused_when_loaded(before: str, after: str, tmp_path: Path) -> None:
    file = tmp_path / "corrections.yaml"
    text = law_path("corrections.yaml").read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(LawFault, match=r"corrections\.yaml"):
        corrections.read_orders(file)


LATE = {
    "key": "late",
    "name": {"zh": "迟延", "en": "Late"},
    "unit": {"zh": "日", "en": "days"},
    "fen": 400_000,
    "most": "60",
}
BARE = {key: value for key, value in LATE.items() if key != "fen"}


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ("late", "deviations"),
        ([{**LATE, "key": "迟延"}], "deviations[0]"),
        ([LATE, LATE], "deviations[1].key"),
        ([{**LATE, "of_price": "0.1"}], "deviations[0]"),
        ([BARE], "deviations[0]"),
        ([{**LATE, "fen": 0}], "deviations[0].fen"),
        ([{**LATE, "fen": 1.5}], "deviations[0].fen"),
        ([{**BARE, "of_price": "1"}], "deviations[0].of_price"),
        ([{**LATE, "most": "0"}], "deviations[0].most"),
        ([{**LATE, "most": None}], "deviations[0].most"),
        ([{**LATE, "unit": "日"}], "deviations[0].unit"),
        ([{**LATE, "colour": "red"}], "deviations[0].colour"),
    ],
)
def test_a_bad_standard_is_refused_when_the_tender_is_entered(rows: object, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        template("evaluated_lowest_price").formula({"deviations": rows})
    assert field in [reason.field for reason in refused.value.reasons]


def test_an_outsider_evaluates_corrected_and_priced_bids_from_a_file() -> None:
    """What ``yiwang law evaluate`` reads: X6 with B's price mistaken by words, and a bid that did not confirm."""
    words = {"order": "construction_12", "figures": {"words": "伍佰零伍万元整"}}
    data = {
        "formula": {"id": "evaluated_lowest_price", "settings": {"deviations": [LATE]}},
        "bids": [
            {"bid": "A", "price": 520_000_000},
            {"bid": "B", "price": 505_000, "correction": {**words, "confirmed": True}, "deviations": {"late": "30"}},
            {"bid": "C", "price": 512_000_000, "deviations": {"late": "10"}},
            {"bid": "D", "price": 505_000, "correction": {**words, "confirmed": False}},
        ],
    }
    answer = law_evaluate(json.loads(json.dumps(data)))
    assert [(row["bid"], row["price"], row["evaluated"]) for row in answer["results"][:3]] == [
        ("C", 512_000_000, "516000000"), ("B", 505_000_000, "517000000"), ("A", 520_000_000, "520000000"),
    ]  # fmt: skip
    assert answer["results"][3]["rank"] is None and "没有确认" in answer["results"][3]["rejected"][0]["zh"]
    for wrong in ({"late": "61"}, {"early": "1"}, {"late": "-1"}, {"late": "1e99"}, ["late"]):
        with pytest.raises(BadInput):
            law_evaluate({**data, "bids": [{"bid": "A", "price": 520_000_000, "deviations": wrong}]})
    with pytest.raises(BadInput):
        law_evaluate(
            {
                **data,
                "bids": [{"bid": "A", "price": 100, "correction": {"order": "none", "figures": {}, "confirmed": True}}],
            }
        )
