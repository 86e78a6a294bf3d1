"""Bad formulas, sheets and bids are refused when typed or loaded, naming the field."""

from decimal import Decimal
from pathlib import Path

import pytest

from yiwang.kernel.errors import BadInput
from yiwang.kernel.formula_book import read_template, template
from yiwang.kernel.formulas import BidFacts, Sheet, check_formula, check_objective, check_sheet, evaluate, evaluate_json
from yiwang.kernel.lawfile import LawFault, law_path

SCORE = template("comprehensive_score")


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"price.score.weight": "70"}, "criteria"),
        ({"price.score.weight": "0"}, "price.score.weight"),
        ({"price.score.weight": 0.6}, "price.score.weight"),
        ({"price.score.weight": "sixty"}, "price.score.weight"),
        ({"price.score.above": "-1"}, "price.score.above"),
        ({"price.score.benchmark.reduction": "1"}, "price.score.benchmark.reduction"),
        (
            {"price.score.benchmark.reduction": "0.05", "price.score.benchmark.choices": ["0.01"]},
            "price.score.benchmark.reduction",
        ),
        ({"price.score.benchmark.trim": [{"from": 2, "highest": 1, "lowest": 1}]}, "price.score.benchmark.trim[0]"),
        ({"price.score.benchmark.ceiling_weight": "0.5"}, "price.ceiling"),
        ({"price.score.benchmark.base": "guess"}, "price.score.benchmark.base"),
        ({"price.ceiling": -5}, "price.ceiling"),
        ({"price.ceiling": "100"}, "price.ceiling"),
        ({"criteria": [{"key": "a", "most": "20"}, {"key": "a", "most": "20"}]}, "criteria[1].key"),
        ({"criteria": [{"key": "a", "most": "40", "pass": "41"}]}, "criteria[0].pass"),
        ({"criteria": [{"key": "a", "most": "40", "weight": "1"}]}, "criteria[0].weight"),
        ({"criteria": [{"key": "技术", "most": "40"}]}, "criteria[0]"),
        ({"ties": ["coin"]}, "ties"),
        ({"ties": []}, "ties"),
        ({"rounding": {"mode": "up"}}, "rounding.mode"),
        ({"rounding": {"places": -1}}, "rounding.places"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_bad_setting_is_refused_naming_its_field(settings, field) -> None:
    with pytest.raises(BadInput) as refused:
        SCORE.formula(settings)
    assert field in [reason.field for reason in refused.value.reasons]
    assert all(reason.message.zh and reason.message.en for reason in refused.value.reasons)


def test_a_minimum_above_the_ceiling_can_never_pass() -> None:
    with pytest.raises(BadInput):
        template("lowest_price_within_bounds").formula({"price.ceiling": 100, "price.minimum": 101})


def test_a_formula_that_scores_nothing_is_refused() -> None:
    assert not check_formula({"id": "x", "rank_by": "score"})
    assert not check_formula({"id": "x", "rank_by": "luck"})
    assert not check_formula({"id": "x", "rank_by": "price", "price": 5})


FORMULA = SCORE.formula({"criteria": [{"key": "t", "most": "30", "objective": True}, {"key": "b", "most": "10"}]})


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"t": "30", "b": "10"}, None),
        ({"t": "0", "b": "0.05"}, None),
        ({"t": "30.01", "b": "10"}, "sheet.range"),
        ({"t": "-0.01", "b": "10"}, "sheet.range"),
        ({"t": "30"}, "sheet.missing"),
        ({"t": "29.999", "b": "1"}, "sheet.places"),
        ({"t": "30", "b": "10", "z": "1"}, "sheet.unknown"),
    ],
)
def test_a_sheet_is_checked_score_by_score(row, code) -> None:
    verdict = check_sheet(FORMULA, Sheet("E", {"A": {key: Decimal(value) for key, value in row.items()}}), ["A"])
    assert [reason.code for reason in verdict.reasons] == ([code] if code else [])
    assert all(reason.field.startswith("scores.A.") for reason in verdict.reasons)


def test_a_sheet_must_score_all_bids_and_no_other() -> None:
    sheet = Sheet("E", {"B": {"t": Decimal(1), "b": Decimal(1)}})
    codes = {reason.code for reason in check_sheet(FORMULA, sheet, ["A"]).reasons}
    assert codes == {"sheet.missing", "sheet.unknown"}
    with pytest.raises(BadInput):
        evaluate(FORMULA, [BidFacts("A", 5)], [sheet])
    with pytest.raises(BadInput):
        evaluate(FORMULA, [BidFacts("A", 5)], [])


def test_objective_scores_must_agree_between_evaluators() -> None:
    sheets = [Sheet(name, {"A": {"t": Decimal(value), "b": Decimal(value)}}) for name, value in (("E1", 5), ("E2", 6))]
    (reason,) = check_objective(FORMULA, sheets).reasons
    assert reason.field == "scores.A.t"
    assert "第64条" in reason.article
    assert check_objective(FORMULA, sheets[:1]).ok


def test_dropping_every_evaluator_is_refused() -> None:
    formula = SCORE.formula({"criteria": [{"key": "t", "most": "40", "drop": {"highest": 1, "lowest": 1}}]})
    with pytest.raises(BadInput):
        evaluate(formula, [BidFacts("A", 5)], [Sheet(n, {"A": {"t": Decimal(1)}}) for n in ("E1", "E2")])


def test_bids_and_sheets_stand_once() -> None:
    with pytest.raises(BadInput):
        evaluate(template("lowest_price_within_bounds").formula(), [BidFacts("A", 5), BidFacts("A", 6)])
    with pytest.raises(BadInput):
        evaluate(FORMULA, [BidFacts("A", 5)], [Sheet("E", {"A": {"t": Decimal(1), "b": Decimal(1)}})] * 2)


@pytest.mark.parametrize(
    ("bid", "field"),
    [
        ({"bid": "A"}, "bids[0].price"),
        ({"bid": "A", "price": 0}, "bids[0].price"),
        ({"bid": "A", "price": -1}, "bids[0].price"),
        ({"bid": "A", "price": 1.5}, "bids[0].price"),
        ({"bid": "A", "price": True}, "bids[0].price"),
        ({"bid": "甲", "price": 1}, "bids[0].bid"),
        ({"price": 1}, "bids[0].bid"),
        ({"bid": "A", "price": 1, "deductions": [{"code": "x", "rate": "1"}]}, "bids[0].deductions[0].rate"),
        ({"bid": "A", "price": 1, "deductions": [{"code": "x", "rate": 0.1}]}, "bids[0].deductions[0].rate"),
        ({"bid": "A", "price": 1, "adjustments": [{"name": "x"}]}, "bids[0].adjustments[0].fen"),
        ({"bid": "A", "price": 1, "rejected": [3]}, "bids[0].rejected[0]"),
    ],
)
def test_a_bad_bid_is_refused_naming_its_field(bid, field) -> None:
    with pytest.raises(BadInput) as refused:
        evaluate_json({"formula": template("lowest_price_within_bounds").formula(), "bids": [bid]})
    assert refused.value.reasons[0].field == field


def test_a_formula_file_whose_example_is_wrong_is_refused_by_line(tmp_path: Path) -> None:
    text = law_path("formulas", "gov_lowest_price.yaml").read_text(encoding="utf-8")
    path = tmp_path / "gov_lowest_price.yaml"
    path.write_text(text.replace("order: [C, B, D, A]", "order: [B, C, D, A]"), encoding="utf-8")
    with pytest.raises(LawFault) as fault:
        read_template(path)
    line = text[: text.index("order: [C, B, D, A]")].count("\n") + 1
    assert fault.value.reasons[0].field == f"gov_lowest_price.yaml:{line}"
    path.write_text(text.replace('rate: "0.05"', 'rate: "1.05"'), encoding="utf-8")
    with pytest.raises(LawFault):
        read_template(path)


GROUP = {"key": "g", "name": {"zh": "组", "en": "Group"}, "weight": "0.5"}
GROUPED = [{"key": "a", "most": "80", "group": "g"}]


@pytest.mark.parametrize(
    ("formula_id", "settings", "field"),
    [
        ("comprehensive_score", {"groups": [GROUP], "criteria": [{"key": "a", "most": "40"}]}, "groups[0]"),
        ("comprehensive_score", {"groups": [{**GROUP, "weight": "1.5"}], "criteria": GROUPED}, "groups[0].weight"),
        ("comprehensive_score", {"groups": [{**GROUP, "pass": "81"}], "criteria": GROUPED}, "groups[0].pass"),
        ("comprehensive_score", {"groups": [GROUP], "criteria": [{**GROUPED[0], "group": "h"}]}, "criteria[0].group"),
        ("comprehensive_score", {"groups": [GROUP], "criteria": [{**GROUPED[0], "most": "70"}]}, "criteria"),
        ("comprehensive_score", {"price.score.benchmark.reduction": None}, "price.score.benchmark.choices"),
        (
            "comprehensive_score",
            {"price.score.benchmark.reduction": None, "price.score.benchmark.choices": ["0.01", "0.01"]},
            "price.score.benchmark.choices",
        ),
        ("gov_lowest_price", {"price.deductions": [{"code": "small", "rate": "1"}]}, "price.deductions[0].rate"),
        ("gov_lowest_price", {"price.deductions": [{"rate": "0.1"}]}, "price.deductions[0]"),
        (
            "gov_lowest_price",
            {"price.stacking": "additive", "price.deductions": [{"code": "a", "rate": "0.6"}, {"code": "b", "rate": "0.4"}]},
            "price.deductions",
        ),
        ("framework_price_first", {"keep": {"drop": "1"}}, "keep.drop"),
        ("framework_price_first", {"keep": {"drop": "0.2", "most": 0}}, "keep.most"),
        ("framework_price_first", {"keep": {"colour": "red"}}, "keep.colour"),
    ],
)
def test_groups_deductions_draws_and_eliminations_are_checked_when_typed(formula_id, settings, field) -> None:
    with pytest.raises(BadInput) as refused:
        template(formula_id).formula(settings)
    assert field in [reason.field for reason in refused.value.reasons]


def test_what_is_to_be_drawn_or_priced_is_wanted_before_the_ranking() -> None:
    drawn = SCORE.formula({"price.score.benchmark.reduction": None, "price.score.benchmark.choices": ["0", "0.02"]})
    with pytest.raises(BadInput, match="系数"):
        evaluate(drawn, [BidFacts("A", 5)], [Sheet("E", {"A": {"technical": Decimal(1)}})])
    with pytest.raises(BadInput, match="报价"):
        evaluate(template("gov_lowest_price").formula(), [BidFacts("A", 0)])
