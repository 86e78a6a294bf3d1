"""Whom a round admits follows from report and opening record: who passes, or the best so many; the others with reasons."""

from __future__ import annotations

from typing import Any

import pytest

from yiwang.kernel import procedures
from yiwang.kernel.admission import AdmissionRule, lists
from yiwang.kernel.canonical import canonical


def bid(name: str, fault: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    return {"bid": f"bid/{name}", "tenderer": name.upper(), "tenderer_name": f"{name}公司", "fault": fault, **more}


def report(ranks: dict[str, int | None], kept: int | None = None) -> dict[str, Any]:
    rows = [{"bid": f"bid/{name}", "rank": rank, "total": None if rank is None else str(100 - rank),
             "rejected": [{"zh": "不合格", "en": "unfit"}] if rank is None else []} for name, rank in ranks.items()]  # fmt: skip
    return {"formula": {}, "ranking": {"results": rows, **({} if kept is None else {"kept": kept})}}


SEALED = {"cause": "bad_manifest", "whose": "tenderer", "zh": "打不开", "en": "does not open"}


@pytest.mark.parametrize(
    ("made", "opened", "admitted", "reasons"),
    [
        (report({"a": 1, "b": 1, "c": None}), "abc", ["A", "B"], {"C": "不合格"}),
        (report({"a": 2, "b": 1, "c": 3}, kept=2), "abc", ["B", "A"], {"C": "排名第 3，只取前 2 名"}),
        (report({"a": 1, "b": 2, "c": 2}, kept=2), "abc", ["A", "B", "C"], {}),  # equal ranks are treated alike
        (report({"a": 1}), "ab", ["A"], {"B": "评审报告没有列入"}),
        (None, "abc", ["A", "B", "C"], {}),  # a first stage has no committee
    ],
)
def test_the_lists_follow(made: Any, opened: str, admitted: list[str], reasons: dict[str, str]) -> None:
    inside, outside = lists(made, {"bids": [bid(name) for name in opened]})
    assert [row["tenderer"] for row in inside] == admitted
    assert {row["tenderer"]: row["reason"]["zh"] for row in outside} == reasons
    assert canonical([inside, outside])  # evidence can hold it


def test_what_did_not_open_goes_no_further_and_members_go_along() -> None:
    members = [{"tenderer": "A", "name": "a公司", "work": "", "signer": "k"}, {"tenderer": "M", "name": "m公司", "work": "", "signer": "k"}]
    inside, outside = lists(None, {"bids": [bid("a", joint=members), bid("b", SEALED)]})
    assert [(row["tenderer"], [each["tenderer"] for each in row["joint"]]) for row in inside] == [("A", ["A", "M"])]
    assert outside[0]["reason"] == {"zh": "打不开", "en": "does not open"}


def test_fewer_than_the_law_asks_is_no_admission() -> None:
    rule = AdmissionRule(3, "NL-04", "招标投标法实施条例 第19条")
    assert rule.check(3)
    assert rule.check(2).reasons[0].article == "招标投标法实施条例 第19条"


CHAINS = [
    ("prequalification", "prequalified_tender"),
    ("two_stage_first", "two_stage_second"),
    ("two_envelope_first", "two_envelope_second"),
]


@pytest.mark.parametrize(("first", "second"), CHAINS)
def test_each_chain_fits_together(first: str, second: str) -> None:
    before, after = procedures.load(first), procedures.load(second)
    assert after.stage is not None and first in after.stage.of
    assert before.admission is not None and not before.priced and after.priced
    assert before.step("admission").target == "admitted"
    acts = {step.act for step in before.steps}
    assert not acts & {"award.decide", "contract.sign", "candidates.publicise"}
    entry = "tender.publish" if after.stage.deadline == "same" else "tender.invite"
    assert after.step("notice").act == entry
    assert after.step("committee").act == ("draw.carry" if after.stage.committee == "same" else "draw.seat")
    assert {formula.id for formula in before.formulas} == {"pass_fail"}


@pytest.mark.parametrize("name", ["invited_tender", "gov_invited_tender", "gov_invited_tender_services"])
def test_invited_tendering_begins_with_an_invitation(name: str) -> None:
    found = procedures.load(name)
    assert found.invited and found.step("notice").act == "tender.invite" and found.step("notice").public == "opening"


def test_a_prequalification_has_the_periods_of_its_own_articles() -> None:
    rules = procedures.load("prequalification").clock_rules()
    assert {"GC-03", "GC-04", "GC-05", "GC-07"} <= set(rules)
    assert not {"GC-01", "GC-02", "GC-06", "GC-08"} & set(rules)
