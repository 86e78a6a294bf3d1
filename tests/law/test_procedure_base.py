"""A procedure that says only what differs: merged by step, faults told in the file where they stand; contradictions."""

from datetime import date
from pathlib import Path

import pytest

from yiwang.kernel import procedure_versions
from yiwang.kernel.errors import BadInput
from yiwang.kernel.lawfile import LawFault, law_path
from yiwang.kernel.procedures import Procedure, StageRule, load

WORKS = law_path("procedures", "open_tender_works.yaml").read_text(encoding="utf-8")
STEP = "actors: [buyer], states: [tendering], public: at_once, kind: side, articles: [村规 第2条]"
HEAD = "id: village\nversion: 1\nbase: open_tender_works\nname: {zh: 村级工程招标, en: Village works}\n"


def village(folder: Path, body: str, *, base: str = WORKS) -> Procedure:
    (folder / "open_tender_works.yaml").write_text(base, encoding="utf-8")
    (folder / "village.yaml").write_text(HEAD + body, encoding="utf-8")
    return load("village", folder=folder)


def test_steps_are_replaced_by_field_left_out_and_put_in(tmp_path: Path) -> None:
    works = load("open_tender_works")
    found = village(
        tmp_path,
        "replace:\n  notice: {name: {zh: 张榜, en: Post}, document: null}\n  fail: {articles: [村规 第1条]}\n"
        "without: [hall_question, hall_answer]\n"
        "insert:\n- after: notice\n  steps:\n"
        f"  - {{key: walk, name: {{zh: 踏勘, en: Visit}}, {STEP}}}\n"
        "- before: walk\n  steps:\n"
        f"  - {{key: call, name: {{zh: 喊话, en: Call}}, {STEP}}}\n",
    )
    keys = [step.key for step in found.steps]
    assert keys[keys.index("notice") :][:3] == ["notice", "call", "walk"]
    assert {step.key for step in works.steps} - set(keys) == {"hall_question", "hall_answer"}
    notice = found.step("notice")
    assert (notice.name.zh, notice.document, notice.events) == ("张榜", "", works.step("notice").events)
    assert next(step for step in found.branches if step.key == "fail").articles == ("村规 第1条",)
    assert found.step("archive") == works.step("archive")


def test_the_optional_rules_are_read(tmp_path: Path) -> None:
    plain = load("open_tender_works")
    assert (plain.stage, plain.bid_bond, plain.award, plain.invited, plain.sealed) == (None, None, "ranked", False, True)
    found = village(
        tmp_path,
        "stage: {of: [prequalification], committee: same}\naward: separate\ninvited: true\nsealed: false\n"
        "bid_bond: {percent_most: '2', fen_most: 8000000, rule: NL-01, article: 招标投标法实施条例 第26条}\n"
        "since: 2027-01-01\nwarn_from: 2026-12-01\nuntil: 2029-12-31\n",
    )
    assert found.stage == StageRule(("prequalification",), "admitted", "same", "own")
    assert (found.award, found.invited, found.sealed, found.since) == ("separate", True, False, date(2027, 1, 1))
    assert found.bid_bond is not None
    assert found.bid_bond.fen_most == 8_000_000


@pytest.mark.parametrize(
    ("body", "line", "says"),
    [
        ("without: [lunch]\n", 5, "no step “lunch”"),
        ("replace:\n  lunch: {public: never}\n", 6, "no step “lunch”"),
        ("replace:\n  notice: {public: sometimes}\n", 6, "sometimes"),
        ("replace:\n  notice: {clock: [GC-99]}\n", 6, "GC-99"),
        ("insert:\n- {steps: []}\n", 6, "after"),
        ("insert:\n- after: lunch\n  steps: []\n", 6, "lunch"),
        ("insert:\n- after: notice\n  steps:\n  - {key: notice, name: {zh: 一, en: One}, " + STEP + "}\n", 8, "twice"),
        ("replace:\n  issue_end: {clock: [ZC-03]}\n", 6, "gov_procurement"),
        ("replace:\n  issue_end: {clock: [GC-03], events: [prequal_doc.issue_end]}\n", 6, "prequalification"),
        ("without: [notice]\n", 0, "tendering"),
        ("replace:\n  opening: {target: publicity}\n", 0, "opened"),
        ("replace:\n  register: {target: null}\n", 0, "contracted"),
        ("replace:\n  notice: {articles: []}\n", 6, "no article"),
        ("replace:\n  notice: {events: [notice.published]}\n", 0, "which no step sets off"),
        ("bids: {least: 0, rule: NL-04, article: 法}\n", 5, "at least 1"),
        ("candidates: {most: 0}\n", 5, "at least 1"),
        ("formulas:\n- {id: comprehensive_score, price_least: '60', price_most: '30'}\n", 6, "no price weight"),
        ("committee: {least: 5, experts: [3, 2], rule: NL-05, article: 法}\n", 5, "whole numbers"),
        ("since: 2027-01-01\nuntil: 2026-01-01\n", 6, "before the day"),
        ("warn_from: 2026-01-01\n", 5, "since"),
        ("stage: {of: [prequalification], admits: everybody}\n", 5, "everybody"),
        ("bid_bond: {percent_most: '120', rule: NL-01, article: 法}\n", 5, "between"),
        ("extends: open_tender_works\n", 5, "base"),
        ("base_of: x\n", 5, "base_of"),
    ],
)  # fmt: skip
def test_faults_name_the_file_and_line_where_they_stand(tmp_path: Path, body: str, line: int, says: str) -> None:
    with pytest.raises(LawFault) as fault:
        village(tmp_path, body)
    reason = next(each for each in fault.value.reasons if says in each.message.en)
    name, number = reason.field.split(":")
    if line:
        assert (name, int(number)) == ("village.yaml", line)
    else:  # the contradiction shows at a step of the base
        assert name in ("village.yaml", "open_tender_works.yaml")


def test_a_fault_of_the_base_is_told_there_and_all_faults_at_once(tmp_path: Path) -> None:
    broken = WORKS.replace("actors: [custodian]", "actors: [ghost]", 1).replace("track: construction", "track: rail")
    with pytest.raises(LawFault) as fault:
        village(tmp_path, "award: lottery\n", base=broken)
    places = {reason.field.split(":")[0] for reason in fault.value.reasons}
    assert places == {"open_tender_works.yaml", "village.yaml"}
    assert len(fault.value.reasons) == 3


def test_a_base_that_is_missing_or_goes_round_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("id: a\nbase: b\n", encoding="utf-8")
    with pytest.raises(LawFault):
        load("a", folder=tmp_path)
    (tmp_path / "b.yaml").write_text("id: b\nbase: a\n", encoding="utf-8")
    with pytest.raises(LawFault, match="a"):
        load("a", folder=tmp_path)


class TestVersions:
    def two(self, folder: Path) -> None:
        village(folder, "")
        past = folder / "past"
        past.mkdir()
        (past / "village.v1.yaml").write_text(HEAD, encoding="utf-8")
        second = HEAD.replace("version: 1", "version: 2") + "since: 2027-01-01\nwarn_from: 2026-12-01\nbids: {least: 5, rule: NL-04, article: 法}\n"
        (folder / "village.yaml").write_text(second, encoding="utf-8")

    def test_a_tender_keeps_its_version_and_a_new_one_begins_on_its_day(self, tmp_path: Path) -> None:
        self.two(tmp_path)
        assert load("village", folder=tmp_path).least_bids == 5
        assert load("village", 1, folder=tmp_path).least_bids == 3
        assert procedure_versions.versions("village", folder=tmp_path) == (1, 2)
        assert procedure_versions.on("village", date(2026, 12, 31), folder=tmp_path).version == 1
        assert procedure_versions.on("village", date(2027, 1, 1), folder=tmp_path).version == 2
        with pytest.raises(BadInput, match="3"):
            load("village", 3, folder=tmp_path)

    def test_it_warns_before_it_binds(self, tmp_path: Path) -> None:
        self.two(tmp_path)
        assert procedure_versions.coming("village", date(2026, 11, 30), folder=tmp_path).ok
        assert "2027-01-01" in procedure_versions.coming("village", date(2026, 12, 1), folder=tmp_path).reasons[0].message.zh
        assert procedure_versions.coming("village", date(2027, 1, 1), folder=tmp_path).ok
        second = load("village", folder=tmp_path)
        assert not procedure_versions.in_force(second, date(2026, 12, 31)).ok
        assert procedure_versions.in_force(second, date(2027, 1, 1)).ok
