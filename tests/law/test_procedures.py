"""Procedures as data: complete, consistent, and told by line when they are not."""

from pathlib import Path

import pytest

from yiwang.kernel.clock import Calendar, ClockBook, propose_deadline, timeline
from yiwang.kernel.errors import BadInput
from yiwang.kernel.formula_book import template
from yiwang.kernel.lawfile import LawFault, law_path
from yiwang.kernel.moment import LOCAL
from yiwang.kernel.procedures import ACTS, BESIDE, PARTS, Procedure, all_procedures, ids, load
from yiwang.seal.manifest import PARTS as SEALED_PARTS

WORKS = law_path("procedures", "open_tender_works.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("procedure", all_procedures(), ids=ids())
class TestEach:
    def test_steps_have_articles_names_and_known_acts(self, procedure: Procedure) -> None:
        for step in (*procedure.steps, *procedure.branches):
            assert step.articles, step.key
            assert step.name.zh
            assert step.name.en
            assert not step.act or step.act in ACTS

    def test_it_goes_from_draft_to_archived_and_can_fail(self, procedure: Procedure) -> None:
        targets = [step.target for step in procedure.steps if step.target]
        assert targets[0] == "tendering"
        assert targets[-1] == "archived"
        closes = any(step.act == "opening.close" for step in procedure.steps)  # an open framework never closes
        ends = {"failed", "terminated"} if closes else {"terminated"}
        assert {step.target for step in procedure.branches if step.target} == ends

    def test_it_needs_three_bids_unless_the_law_lets_fewer(self, procedure: Procedure) -> None:
        least = FEWER.get(procedure.id, 3)
        assert procedure.check_bids(least).ok
        (reason,) = procedure.check_bids(least - 1).reasons
        assert reason.article
        assert reason.passes

    def test_its_clock_rules_are_of_its_own_trade(self, procedure: Procedure) -> None:
        book = ClockBook.load()
        assert {book.rule(rule).trade for rule in procedure.clock_rules()} <= {procedure.track, "all"}


FEWER = {
    "gov_negotiation_two": 2, "gov_negotiation_two_final": 2, "gov_consultation_services": 2,
    "gov_consultation_services_final": 2, "gov_framework_closed": 2, "gov_single_source": 1, "gov_framework_call": 1,
    "gov_framework_direct": 1, "gov_framework_turn": 1, "gov_framework_open": 1,
}  # fmt: skip
"""Procedures in which fewer than three suppliers are enough, and how many are (NL-32 to NL-35)."""


def test_every_act_is_a_step_of_some_procedure() -> None:
    used = {step.act for each in all_procedures() for step in (*each.steps, *each.branches)}
    assert set(ACTS) - set(BESIDE) <= used


def test_extending_keeps_the_steps_and_replaces_the_rest() -> None:
    goods = load("open_tender_goods_services")
    assert goods.steps == load("open_tender_works").steps
    assert goods.objects == ("goods", "services")
    assert goods.name.en == "Open tendering of goods and services for works"


@pytest.mark.parametrize(
    ("size", "experts", "ok"),
    [
        (5, 4, True),
        (5, 3, False),
        (5, 5, True),
        (4, 4, False),
        (3, 3, False),
        (7, 5, True),
        (7, 4, False),
        (9, 6, True),
        (6, 6, False),
    ],
)
def test_committee_is_odd_five_and_two_thirds_experts(size: int, experts: int, ok: bool) -> None:
    verdict = load("open_tender_works").committee.check(size, experts)
    assert verdict.ok is ok
    if not ok:
        assert verdict.reasons[0].article == "招标投标法 第37条"
        assert verdict.reasons[0].passes is not None


def test_a_large_government_tender_needs_seven() -> None:
    committee = load("gov_open_tender_goods").committee
    assert committee.check(5, 4).ok
    assert not committee.check(5, 4, larger=True).ok
    assert committee.check(7, 5, larger=True).ok
    assert not committee.buyer_may_chair


def test_price_weight_bounds_of_government_procurement() -> None:
    criteria = [{"key": "quality", "most": "80"}]
    light = template("gov_comprehensive_score").formula({"price.score.weight": "20", "criteria": criteria})
    (reason,) = load("gov_open_tender_goods").check_formula(light).reasons
    assert reason.code == "NL-09"
    assert load("gov_open_tender_services").check_formula(light).ok
    assert not load("open_tender_works").check_formula(light).ok
    unsound = {**light, "price": {"score": {"method": "ratio"}}}
    assert load("gov_open_tender_services").check_formula(unsound).reasons[0].field == "price.score.weight"


def test_an_unknown_procedure_names_the_known_ones() -> None:
    with pytest.raises(BadInput) as unknown:
        load("../clock")
    assert unknown.value.reasons[0].passes is not None
    assert "open_tender_works" in unknown.value.reasons[0].passes.en


def test_a_procedure_is_added_by_a_file_alone(tmp_path: Path) -> None:
    (tmp_path / "open_tender_works.yaml").write_text(WORKS, encoding="utf-8")
    (tmp_path / "village_tender.yaml").write_text(
        "id: village_tender\nversion: 1\nbase: open_tender_works\nname: {zh: 村级工程招标, en: Village works}\n",
        encoding="utf-8",
    )
    added = load("village_tender", folder=tmp_path)
    assert added.name.zh == "村级工程招标"
    from datetime import datetime

    start = datetime(2026, 9, 7, 9, tzinfo=LOCAL)
    assert timeline(added, {"tender_doc.issue_start": start}, Calendar.load())[-1].earliest is not None
    assert propose_deadline(start, added, Calendar.load()).astimezone(LOCAL).isoformat() == "2026-09-28T09:30:00+08:00"


def test_a_procedure_may_have_parts_sealed_apart(tmp_path: Path) -> None:
    (tmp_path / "open_tender_works.yaml").write_text(WORKS, encoding="utf-8")
    assert load("open_tender_works", folder=tmp_path).parts == ()

    def parts(words: str) -> tuple[str, ...]:
        file = tmp_path / "two_envelopes.yaml"
        file.write_text(
            f"id: two_envelopes\nversion: 1\nbase: open_tender_works\nname: {{zh: 双信封, en: Two}}\nparts: {words}\n", encoding="utf-8"
        )
        return load("two_envelopes", folder=tmp_path).parts

    assert parts("[technical, price]") == ("technical", "price")
    assert parts("[qualification, technical, price]") == PARTS == SEALED_PARTS
    for wrong in ("[price]", "[price, technical]", "[qualification, technical]", "[commercial, price]", "[technical, technical, price]"):
        with pytest.raises(LawFault) as caught:
            parts(wrong)
        assert "two_envelopes.yaml:5" in caught.value.reasons[0].field


def line_of(text: str) -> int:
    return WORKS[: WORKS.index(text)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("act: tender.publish", "act: tender.shout", "tender.shout"),
        ("clock: [GC-02]", "clock: [GC-99]", "GC-99"),
        ("clock: [GC-02]", "clock: [GC-19]", "does not set off"),
        ("events: [tender_doc.issue_end]", "events: [tender_doc.lost]", "tender_doc.lost"),
        ("target: tendering", "target: tendered", "tendered"),
        ("target: closed", "target: opened", "closed"),
        ("- {id: comprehensive_score, article: 招标投标法 第41条}", "- {id: guesswork}", "guesswork"),
        ("  least: 5", "  least: 6", "odd"),
        ("rule: GC-13", "rule: XX-1", "XX-1"),
        ("- key: documents\n  act", "- key: entry\n  act", "twice"),
        ("actors: [custodian]", "actors: [ghost]", "ghost"),
        ("track: construction", "track: railways", "railways"),
        ("  public: opening\n  articles: [招标投标法 第9条", "  articles: [招标投标法 第9条", "public"),
    ],
)
def test_a_wrong_procedure_is_refused_by_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in WORKS
    (tmp_path / "open_tender_works.yaml").write_text(WORKS.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LawFault) as fault:
        load("open_tender_works", folder=tmp_path)
    (reason,) = fault.value.reasons
    assert says in reason.message.en
    name, line = reason.field.split(":")
    assert name == "open_tender_works.yaml"
    if says not in ("closed", "public"):
        assert abs(int(line) - line_of(old)) <= 2, reason.message.en
