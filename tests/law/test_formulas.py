"""Evaluation: worked examples, exactness, independence of order, ties, rounding, pass marks."""

import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.kernel import evaluation_facts
from yiwang.kernel.canonical import canonical
from yiwang.kernel.errors import BadInput
from yiwang.kernel.formula_book import all_templates, template
from yiwang.kernel.formula_price import rounded
from yiwang.kernel.formulas import BidFacts, Deduction, Ranking, Sheet, evaluate, evaluate_json, outlying
from yiwang.kernel.rules import rule_page
from yiwang.kernel.text import Text

EXAMPLES = [(item, example) for item in all_templates() for example in item.examples]


@pytest.mark.parametrize(("item", "example"), EXAMPLES, ids=[f"{i.id}-{e.name.en}" for i, e in EXAMPLES])
def test_worked_examples(item, example) -> None:
    assert example.differences() == []
    for result in example.run().results:
        assert result.lines or result.rejected


def test_the_examples_cover_x1_to_x9() -> None:
    told = " ".join(example.name.en for _, example in EXAMPLES)
    for number in range(1, 10):
        assert f"X{number}" in told


def test_x9_an_outlying_evaluator_is_worth_a_look() -> None:
    first = dict(zip(["E1", "E2", "E3", "E4", "E5"], map(Decimal, (82, 80, 81, 83, 60)), strict=True))
    assert outlying(first) == {"E5": Decimal("-25.9")}
    second = dict(zip(["E1", "E2", "E3", "E4", "E5"], map(Decimal, (76, 75, 76, 77, 96)), strict=True))
    assert outlying(second) == {"E5": Decimal("26.3")}
    assert outlying({}) == {}


@pytest.mark.parametrize(
    ("value", "mode", "shown"),
    [
        (Fraction(5, 1000), "half_up", "0.01"),
        (Fraction(-5, 1000), "half_up", "-0.01"),
        (Fraction(5, 1000), "half_even", "0.00"),
        (Fraction(15, 1000), "half_even", "0.02"),
        (Fraction(19, 1000), "down", "0.01"),
        (Fraction(2, 3), "half_up", "0.67"),
    ],
)
def test_rounding_is_as_stated(value: Fraction, mode: str, shown: str) -> None:
    assert str(rounded(value, 2, mode)) == shown


LOWEST = template("lowest_price_within_bounds")


def test_ties_are_reported_drawn_or_given_to_the_earlier() -> None:
    bids = [
        BidFacts("A", 100, order=9, lot=2),
        BidFacts("B", 100, order=4, lot=3),
        BidFacts("C", 90, rejected=(Text("否", "no"),)),
    ]
    reported = evaluate(LOWEST.formula(), bids)
    assert (reported.winner, reported.ties) == (None, (("A", "B"),))
    assert evaluate(LOWEST.formula({"ties": ["earlier"]}), bids).winner == "B"
    assert evaluate(LOWEST.formula({"ties": ["drawn"]}), bids).winner == "A"
    undrawn = [BidFacts("A", 100), BidFacts("B", 100)]
    ranking = evaluate(LOWEST.formula({"ties": ["drawn"]}), undrawn)
    assert ranking.winner is None
    assert "抽签" in ranking.lines[-1].zh


def test_no_valid_bid_has_no_winner() -> None:
    ranking = evaluate(LOWEST.formula({"price.ceiling": 50}), [BidFacts("A", 100), BidFacts("B", 200)])
    assert ranking.winner is None
    assert all(result.rank is None and "最高限价" in result.rejected[0].zh for result in ranking.results)
    assert evaluate(LOWEST.formula(), []).results == ()


def test_an_all_rejected_scored_tender_needs_no_sheets() -> None:
    formula = template("comprehensive_score").formula({"price.ceiling": 50})
    assert evaluate(formula, [BidFacts("A", 100)]).winner is None


def scored(points: dict[str, list[str]]) -> list[Sheet]:
    count = len(next(iter(points.values())))
    return [
        Sheet(f"E{n}", {bid: {"technical": Decimal(values[n])} for bid, values in points.items()}) for n in range(count)
    ]


def test_exact_values_rank_unless_the_documents_say_shown() -> None:
    base = {"price.score": None, "ties": ["reported"]}
    criteria = [{"key": "technical", "name": {"zh": "技术", "en": "Technical"}, "most": "100", "places": 3}]
    sheets = scored({"A": ["80.001", "80.001"], "B": ["80.002", "80.002"]})
    bids = [BidFacts("A", 100), BidFacts("B", 100)]
    exact = evaluate(template("comprehensive_score").formula({**base, "criteria": criteria}), bids, sheets)
    assert exact.winner == "B"
    rounding = {"places": 2, "mode": "half_up", "rank_by": "shown"}
    shown = evaluate(
        template("comprehensive_score").formula({**base, "criteria": criteria, "rounding": rounding}), bids, sheets
    )
    assert (shown.winner, shown.ties) == (None, (("A", "B"),))


def test_evaluators_are_not_named_in_the_arithmetic() -> None:
    sheets = [Sheet("evaluator-zhang", {"A": {"technical": Decimal("30")}})]
    ranking = evaluate(template("comprehensive_score").formula(), [BidFacts("A", 100)], sheets)
    assert "zhang" not in str(ranking.to_json())


PRICES = st.integers(1_000_000, 9_000_000)
SCORES = st.integers(0, 4000).map(lambda n: Decimal(n).scaleb(-2))


@st.composite
def tenders(draw):
    names = [f"B{n}" for n in range(draw(st.integers(1, 8)))]
    bids = [BidFacts(name, draw(PRICES), order=n) for n, name in enumerate(names)]
    sheets = [
        Sheet(f"E{n}", {name: {"technical": draw(SCORES)} for name in names}) for n in range(draw(st.integers(1, 5)))
    ]
    return bids, sheets


@settings(max_examples=60)
@given(tenders(), st.randoms(use_true_random=False))
def test_the_order_of_bids_and_sheets_does_not_matter(tender, random) -> None:
    bids, sheets = tender
    formula = template("comprehensive_score").formula()
    first = evaluate(formula, bids, sheets).to_json()
    random.shuffle(bids)
    random.shuffle(sheets)
    assert canonical(evaluate(formula, bids, sheets).to_json()) == canonical(first)


@settings(max_examples=60)
@given(tenders())
def test_json_goes_there_and_back_and_recomputes_the_same(tender) -> None:
    bids, sheets = tender
    formula = template("gov_comprehensive_score").formula({"criteria": [{"key": "technical", "most": "70"}]})
    ranking = evaluate(formula, bids, sheets)
    assert Ranking.from_json(ranking.to_json()) == ranking
    data = {"formula": formula, "bids": [b.to_json() for b in bids], "sheets": [s.to_json() for s in sheets]}
    canonical(data)
    assert evaluate_json(data) == ranking.to_json()


@given(st.lists(PRICES, min_size=1, max_size=9, unique=True))
def test_ratio_scores_agree_with_floats_and_the_lowest_gets_all(prices) -> None:
    formula = template("gov_comprehensive_score").formula()
    bids = [BidFacts(f"B{n}", price) for n, price in enumerate(prices)]
    sheets = [Sheet("E", {bid.bid: {"quality": Decimal(50)} for bid in bids})]
    ranking = evaluate(formula, bids, sheets)
    assert ranking.winner == f"B{prices.index(min(prices))}"
    for result in ranking.results:
        assert float(result.price_score) == pytest.approx(min(prices) / result.price * 30, abs=0.00501)


@given(st.lists(st.integers(90, 140), min_size=1, max_size=9))
def test_the_lowest_within_bounds_wins_by_naive_search(prices) -> None:
    ranking = evaluate(
        LOWEST.formula({"price.minimum": 100, "price.ceiling": 130}),
        [BidFacts(f"B{n}", p) for n, p in enumerate(prices)],
    )
    valid = [price for price in prices if 100 <= price <= 130]
    first = [result for result in ranking.results if result.rank == 1]
    assert sorted({result.price for result in first}) == sorted({min(valid)} if valid else set())
    assert (ranking.winner is not None) == (bool(valid) and valid.count(min(valid)) == 1)
    assert len([result for result in ranking.results if result.rejected]) == len(prices) - len(valid)


def test_recomputing_needs_neither_yaml_nor_django() -> None:
    code = "import sys, yiwang.kernel.formulas; sys.exit(any(name in sys.modules for name in ('yaml', 'django')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_deductions_never_change_the_quote() -> None:
    bid = BidFacts("A", 100_000, deductions=(Deduction("small", Decimal("0.2")),))
    result = evaluate(template("gov_lowest_price").formula(), [bid]).result("A")
    assert (result.price, result.evaluated) == (100_000, 80_000)


def test_additive_deductions_that_eat_the_whole_price_are_refused() -> None:
    bid = BidFacts("A", 100, deductions=(Deduction("x", Decimal("0.6")), Deduction("y", Decimal("0.4"))))
    with pytest.raises(BadInput):
        evaluate(template("gov_lowest_price").formula({"price.stacking": "additive"}), [bid])


def test_what_the_committee_says_by_more_than_half_becomes_what_the_formula_reads() -> None:
    deductions = [{"code": "small", "rate": "0.10"}, {"code": "domestic", "rate": "0.20"}]
    formula = template("gov_lowest_price").formula({"price.deductions": deductions})
    answers = {"deduction.small": " 小型企业 ", "deduction.other": "x", "deduction.domestic": "", "days": "30"}
    claimed = evaluation_facts.claims(formula, answers)
    assert claimed == {"small": "小型企业"}

    def sheet(passes: bool, codes: list[str]) -> dict[str, object]:
        return {"review": {"A": {"pass": passes, "reason": "" if passes else "不符", "deductions": codes}}}

    row = {"bid": "A", "price": 1000, "claims": claimed}
    two_of_three = [sheet(True, ["small"]), sheet(True, ["small", "domestic"]), sheet(False, ["domestic"])]
    facts = evaluation_facts.bid_facts(formula, row, 0, two_of_three, reviews={}, lots=["B", "A"])
    assert (facts.rejected, facts.deductions, facts.lot) == ((), (Deduction("small", Decimal("0.10")),), 2)
    findings = [{"seat": n, "proven": n == 1, "reason": "无证明"} for n in (1, 2, 3)]
    assert evaluation_facts.bid_facts(formula, row, 0, two_of_three, reviews={"A": {"findings": findings}}).rejected
    assert not evaluation_facts.bid_facts(formula, row, 0, two_of_three, reviews={"A": {"findings": findings[:2]}}).rejected


def test_x6_to_x8_by_the_check_script_of_fractions() -> None:
    assert Fraction(5_050_000) + 30 * 4000 + Fraction(5_050_000) / 10 * Fraction(5, 1000) * 6 == 5_185_150
    for stacking, wanted in (("multiplicative", Fraction(864, 10)), ("additive", Fraction(84))):
        formula = template("gov_lowest_price").formula({"price.stacking": stacking})
        bid = BidFacts("DS", 120, deductions=(Deduction("domestic", Decimal("0.2")), Deduction("small", Decimal("0.1"))))
        assert evaluate(formula, [bid]).result("DS").evaluated == wanted


def test_sizes_of_committees_ask_for_two_thirds_of_experts() -> None:
    """The last worked figures of the page on evaluation: of 5, 7, 9 members at least 4, 5, 6 are experts."""
    shown = rule_page("committee.open_tender_works").examples[0].lines
    assert [line.en for line in shown] == [f"{size} members: at least {experts} experts" for size, experts in ((5, 4), (7, 5), (9, 6))]
