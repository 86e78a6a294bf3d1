"""Scored methods: a coefficient drawn in the hall, a low price that must be explained, an award committee's vote; the dossier
verifies, and one changed figure in it does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.rounds import audited
from yiwang.demo import scored
from yiwang.demo.play import Play, wait_for_log
from yiwang.kernel import moment
from yiwang.kernel.errors import BadInput, Refused
from yiwang.kernel.formula_book import template
from yiwang.modules.awards import acts as awards
from yiwang.modules.evaluations import acts, change_acts, price_acts, separate_acts
from yiwang.modules.evaluations import selectors as evaluations
from yiwang.modules.evidence import dossier
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.experts import acts as experts
from yiwang.verifier import run, verify
from yiwang.verifier.dossier import Dossier

A, B, C, LOW = "城东市政工程公司", "江北建设集团", "海门路桥公司", "临港工程公司"
FIFTH = "南岸建筑安装公司"
BIDS = [(A, 9_585_000_00), (B, 9_610_000_00), (C, 9_705_000_00), (LOW, 4_000_000_00)]
DUE = ("opening", "coefficient", "sheets", "ranking", "candidates", "award")
CHOICES = ["0", "0.01", "0.02", "0.03"]


def formula() -> dict[str, Any]:
    return template("comprehensive_score").formula({
        "price.score.benchmark.reduction": None,
        "price.score.benchmark.choices": CHOICES,
        "price.score.benchmark.trim": [],
        "criteria": [
            {"key": "design", "name": {"zh": "方案", "en": "Design"}, "most": "30", "group": "tech"},
            {"key": "record", "name": {"zh": "业绩", "en": "Record"}, "most": "20", "group": "tech", "objective": True},
        ],
        "groups": [{"key": "tech", "name": {"zh": "技术组", "en": "Technical group"}, "weight": "0.8"}],
        "abnormal": {"mean": "0.5"},
    })  # fmt: skip


def checks(path: Path) -> dict[str, Any]:
    report = verify(path)
    assert report.ok, [(line.id, [str(text) for text in line.details]) for line in report.failed]
    return {line.id: line for line in report.lines}


def test_coefficient_low_price_and_award_committee(play: Callable[..., Play], tmp_path: Path) -> None:
    life = play("opened", procedure="open_tender_works_separate", formula=formula(), bids=BIDS, minimum=None, ceiling=10_000_000_00)
    number = life.number
    life.confirm()
    with pytest.raises(Refused, match="浮动系数"):  # the committee does not sit before the draw
        life.draw()  # freezes, commits and reveals; seating is refused
    scored.draw_coefficient(life)
    experts.seat(actor=life.cast.center.actor, tender=number)
    life.stage.wait(hours=2)
    assert life.tender.opening.drawn["coefficient"] in CHOICES
    opened = {bid.tenderer.name: bid for bid in evaluations.opened(life.tender)}
    low = opened[LOW].chain
    committee = life._committee()

    _objective_scores_agree_first(life, committee)
    with pytest.raises(Refused, match="异常低"):
        acts.conclude(actor=committee[0][1].actor, tender=number)
    with pytest.raises(BadInput):  # under half an hour
        price_acts.ask(actor=committee[0][1].actor, tender=number, bid=low, minutes=10)
    scored.review_price(life, low, explanation="", proven=False)
    report = acts.conclude(actor=committee[0][1].actor, tender=number)
    assert report is not None
    rows = {row["bid"]: row for row in report.content["ranking"]["results"]}
    assert rows[low]["rank"] is None and "未能证明" in rows[low]["rejected"][0]["zh"]
    assert [each["rank"] for each in report.content["candidates"]] == [0, 0, 0]
    assert all(len(each["opinions"]) == 5 for each in report.content["candidates"])
    for _, each in committee:
        content = acts.report_statement(number, report.sha256, "")
        acts.sign_report(actor=each.actor, tender=number, **each.sign("evaluation-report", content))
    life.until("publicity")
    _vote(life, {name: bid.chain for name, bid in opened.items()})
    life.until("archived")
    assert life.tender.award.tenderer.name in (A, B)
    audited(number)
    dossier.build(number, out=tmp_path / "whole.zip")
    lines = checks(tmp_path / "whole.zip")
    for name in ("coefficient", "ranking", "sheets", "candidates", "vote", "award"):
        assert lines[name].status == "ok", (name, [str(text) for text in lines[name].details])
    _tampered(tmp_path / "whole.zip")
    told = " ".join(text.zh for text in lines["ranking"].details)
    assert "技术组" in told and "公开抽取的浮动系数" in told and f"{LOW} 异常低价审查" in told


def _tampered(path: Path) -> None:
    """One changed figure in the acts: the check that computes it again says so (beside the log, which says so too)."""

    def coefficient(acts_: list[Any]) -> None:
        reveal = [act for act in acts_ if act.name == "coefficient.reveal"][-1]
        reveal.public["coefficient"] = next(each for each in CHOICES if each != reveal.public["coefficient"])

    def share(acts_: list[Any]) -> None:
        next(act for act in acts_ if act.name == "coefficient.reveal").public["share"] = "00" * 32

    def ballot(acts_: list[Any]) -> None:
        cast = [act for act in acts_ if act.name == "award.vote"]
        cast[0].public["statement"]["choice"] = cast[-1].public["statement"]["choice"] = cast[2].public["statement"]["choice"]

    def draw(acts_: list[Any]) -> None:
        [act for act in acts_ if act.name == "award.reveal_lots"][-1].public["order"].reverse()

    def findings(acts_: list[Any]) -> None:
        for act in acts_:
            if act.name == "evaluation.judge_price":
                act.public["proven"] = True

    def early(acts_: list[Any]) -> None:
        asked = next(act for act in acts_ if act.name == "evaluation.ask_price")
        asked.public["until"] = asked.content["at"]

    def correction(acts_: list[Any]) -> None:
        act = next(act for act in acts_ if act.name == "evaluation.correct_sheet")
        next(iter(act.public["sheet"]["scores"].values()))["design"] = "30"

    cases = ((coefficient, "coefficient"), (share, "coefficient"), (ballot, "vote"), (draw, "vote"), (findings, "ranking"), (early, "ranking"),
             (correction, "sheets"))  # fmt: skip
    for change, check in cases:
        with pytest.MonkeyPatch.context() as patch:

            def altered(*given: Any, change: Callable[[list[Any]], None] = change) -> Dossier:
                change(given[2])
                return Dossier(*given)

            patch.setattr(run, "Dossier", altered)
            assert check in {line.id for line in verify(path).failed}, change.__name__


def _objective_scores_agree_first(life: Play, committee: list[Any]) -> None:
    """Sheets with one objective score that differs: no report until it is corrected; nothing else may change with it."""
    number, last = life.number, committee[-1][0].number
    for seat, each in committee:
        scored.declare(life, each)
        sheet = scored.sheet_of(life, seat, evaluations.opened(life.tender))
        for row in sheet["scores"].values():
            row["record"] = "15" if seat.number != last else "16"
        content = acts.sheet_statement(number, sheet)
        acts.submit_sheet(actor=each.actor, tender=number, sheet=sheet, **each.sign("score-sheet", content))
    who = committee[-1][1]
    with pytest.raises(Refused, match="客观项"):
        acts.conclude(actor=who.actor, tender=number)
    changed = {**sheet, "scores": {bid: {**row, "record": "15"} for bid, row in sheet["scores"].items()}}
    other = {**changed, "scores": {bid: {**row, "design": "1"} for bid, row in changed["scores"].items()}}
    for wrong, refused in ((other, True), (changed, False)):
        signed = who.sign("score-sheet", acts.sheet_statement(number, wrong))
        given = {"actor": who.actor, "tender": number, "sheet": wrong, "reason": "业绩证明漏看一项", **signed}
        if refused:
            with pytest.raises(BadInput):
                acts.correct_sheet(**given)
        else:
            acts.correct_sheet(**given)


def _vote(life: Play, bids: dict[str, str]) -> None:
    """Votes choose who goes into the draw (票决抽签); the draw decides in public; the award can go to nobody else."""
    number, buyer = life.number, life.cast.buyer
    life.stage.to(moment.from_stamp(life.tender.events["candidate_publicity.end"]))
    with pytest.raises(Refused):  # four are too few and even
        separate_acts.seat(actor=buyer.actor, tender=number, members=["ding-1"] * 4, method="lots")
    scored.seat_award_committee(life, "lots", "lots", 1)
    assert evaluations.award_vote(PUBLIC, life.tender) is None  # secret until the award
    head, *_ = scored.award_members(life)
    with pytest.raises(Refused, match="最后"):
        content = separate_acts.ballot_statement(number, 1, [bids[A]], "先投")
        separate_acts.vote(actor=head.actor, tender=number, choice=[bids[A]], reason="先投", **head.sign("award-ballot", content))
    scored.vote_round(life, [[bids[A]], [bids[A]], [bids[B]], [bids[B]], [bids[C]]])
    with pytest.raises(Refused, match="票决"):
        awards.decide(actor=buyer.actor, tender=number, bid=bids[A], reason="定标委员会票决确定")
    scored.draw_lots(life)
    found = evaluations.award_vote(buyer.actor, life.tender)
    assert found is not None and found["outcome"].winner in (bids[A], bids[B])
    with pytest.raises(Refused, match="票决"):
        awards.decide(actor=buyer.actor, tender=number, bid=bids[C], reason="更喜欢")


def test_policy_deductions_and_a_low_price_that_is_proven(play: Callable[..., Play], tmp_path: Path) -> None:
    """X1 as a tender's life: claims sealed in the bid, accepted by the committee, applied for evaluation alone; lots for ties."""
    deductions = [
        {"code": "small", "rate": "0.10", "name": {"zh": "小微企业", "en": "small enterprise"}},
        {"code": "micro", "rate": "0.15", "name": {"zh": "微型企业", "en": "micro enterprise"}},
    ]
    price = {"price.deductions": deductions, "ties": ["lower_price", "drawn"]}
    given = template("gov_comprehensive_score").formula({**price, "abnormal": {"next_lowest": "0.99"}})
    scores = {A: {"quality": "58.50"}, B: {"quality": "55.20"}, C: {"quality": "61.00"}}
    life = play("tendering", category="goods", procedure="gov_open_tender_goods", formula=given, scores=scores, ceiling=1_300_000_00,
                minimum=None, bids=[(A, 980_000_00)])  # fmt: skip
    scored.submit_claiming(life, B, 1_000_000_00, {"micro": "本公司为微型企业", "foreign": "没有这一项"})
    scored.submit_claiming(life, C, 1_120_000_00, {"small": "本公司为小型企业"})
    life.until("opened")
    record = {row["tenderer_name"]: row for row in life.tender.opening.record["bids"]}
    assert record[B]["claims"] == {"micro": "本公司为微型企业"} and "claims" not in record[A]
    life.confirm()
    scored.draw_coefficient(life)
    life.draw()
    scored.score(life)
    scored.review_price(life, record[A]["bid"], explanation="材料库存低价购入，附合同", proven=True)
    life.report()
    rows = {row["bid"]: row for row in life.tender.report.content["ranking"]["results"]}
    found = {name: (rows[row["bid"]]["price_score"], rows[row["bid"]]["total"], rows[row["bid"]]["rank"]) for name, row in record.items()}
    assert found == {A: ("26.02", "84.52", 3), B: ("30.00", "85.20", 2), C: ("25.30", "86.30", 1)}
    life.until("archived")
    assert (life.tender.award.tenderer.name, life.tender.award.price) == (C, 1_120_000_00)
    dossier.build(life.number, out=tmp_path / "whole.zip")
    lines = checks(tmp_path / "whole.zip")
    told = {name: (lines[name].status, [text.en for text in lines[name].details]) for name in DUE}
    assert {name: status for name, (status, _) in told.items()} == dict.fromkeys(DUE, "ok"), told


def test_corrected_prices_and_priced_deviations(play: Callable[..., Play], tmp_path: Path) -> None:
    """X6 upon corrected prices: one tenderer confirms, one refuses, one is silent; the award goes at the corrected price."""
    late = {"key": "late", "name": {"zh": "迟延工期", "en": "Late completion"}, "unit": {"zh": "日", "en": "days"}, "fen": 400_000, "most": "60"}
    prices = [(A, 5_200_000_00), (B, 5_050_000_00), (C, 5_110_000_00), (LOW, 5_000_000_00), (FIFTH, 5_010_000_00)]
    life = play("opened", formula=template("evaluated_lowest_price").formula({"deviations": [late]}), bids=prices, minimum=None,
                ceiling=6_000_000_00, budget=6_000_000_00)  # fmt: skip
    number = life.number
    life.until("evaluating")
    scored.score(life)
    first, *_, last = (each.actor for _, each in life._committee())
    bids = {bid.tenderer.name: bid.chain for bid in evaluations.opened(life.tender)}
    _bad_input(life, bids)
    lines = [{"name": "土方", "unit": "32.5", "quantity": "20000", "total": 60_000_000}, {"name": "其余", "total": 451_000_000}]
    changed = {
        C: {"lines": lines},  # 650,000 instead of 600,000: 5,160,000
        LOW: {"words": "伍佰伍拾万元整"},
        FIFTH: {"words": "伍佰零贰万元整"},
    }
    dropped = change_acts.correct(actor=last, tender=number, bid=bids[C], figures={"words": "伍佰万元整"}, reason="看错一页")
    scored.vote_on(life, dropped, against=4)
    for firm, figures in changed.items():
        change = change_acts.correct(actor=first, tender=number, bid=bids[firm], figures=figures, reason="投标函第2页")
        with pytest.raises(Refused, match=r"没有表决完|等待"):
            acts.conclude(actor=first, tender=number)
        with pytest.raises(BadInput):  # twice
            change_acts.correct(actor=last, tender=number, bid=bids[firm], figures=figures, reason="投标函第2页")
        scored.vote_on(life, change)
    scored.vote_on(life, change_acts.quantify(actor=first, tender=number, bid=bids[B], quantities={"late": "30"}, reason="附录迟30日"))
    scored.answer_correction(life, C, confirmed=True)
    scored.answer_correction(life, LOW, confirmed=False)
    with pytest.raises(Refused):
        scored.answer_correction(life, C, confirmed=False)
    with pytest.raises(Refused, match="等待"):
        acts.conclude(actor=first, tender=number)
    life.stage.wait(minutes=31)
    with pytest.raises(Refused, match="截止"):
        scored.answer_correction(life, FIFTH, confirmed=True)
    life.report()
    _ranked(life, bids)
    life.until("publicity")
    wait_for_log(evidence.acts_of(life.tender).last())
    dossier.build(number, out=tmp_path / "early.zip")
    assert checks(tmp_path / "early.zip")["ranking"].status == "ok"
    life.until("archived")
    assert (life.tender.award.tenderer.name, life.tender.award.price) == (C, 516_000_000)
    audited(number)
    dossier.build(number, out=tmp_path / "whole.zip")
    lines_ = checks(tmp_path / "whole.zip")
    assert [lines_[name].status for name in ("ranking", "signatures", "candidates", "award", "contract")] == ["ok"] * 5
    told = " ".join(text.zh for text in lines_["ranking"].details)
    assert "32.5 × 20000 = 650,000.00 元，合计写 600,000.00 元" in told and "30 日 × 4,000.00 元 = 120,000.00 元" in told
    assert "投标人没有在规定时间内确认" in told and "未获过半数同意" in told
    _changes_tampered(tmp_path / "whole.zip")


def _bad_input(life: Play, bids: dict[str, str]) -> None:
    """No contradiction, no amount, a division by zero, more than is published: refused when typed."""
    given = {"actor": life._committee()[0][1].actor, "tender": life.number, "reason": "投标函第2页"}
    for figures in ({}, {"words": "伍佰万元整"}, {"words": "五百"}, {"lines": [{"name": "甲", "unit": "0.1", "quantity": "0", "total": 1}]}):
        with pytest.raises(BadInput):
            change_acts.correct(bid=bids[LOW], figures=figures, **given)
    for units in ({}, {"late": "61"}, {"late": "0"}, {"early": "3"}):
        with pytest.raises(BadInput):
            change_acts.quantify(bid=bids[B], quantities=units, **given)


def _ranked(life: Play, bids: dict[str, str]) -> None:
    """Corrected where confirmed, invalid where not, deviations added for evaluation alone."""
    rows = {row["bid"]: row for row in life.tender.report.content["ranking"]["results"]}
    found = {name: (rows[bid]["price"], rows[bid]["evaluated"], rows[bid]["rank"]) for name, bid in bids.items()}
    assert found[C] == (516_000_000, "516000000", 1)
    assert found[B] == (505_000_000, "517000000", 2)
    assert found[A] == (520_000_000, "520000000", 3)
    assert found[LOW][2] is None and found[FIFTH][2] is None and "没有确认" in rows[bids[LOW]]["rejected"][0]["zh"]


def _changes_tampered(path: Path) -> None:
    """One changed figure, vote, bound or answer: the ranking's check says so."""

    def of(acts_: list[Any], name: str, last: bool = False) -> dict[str, Any]:
        found: dict[str, Any] = [act for act in acts_ if act.name == f"evaluation.{name}"][-1 if last else 0].public
        return found

    def figure(acts_: list[Any]) -> None:
        of(acts_, "correct_price", last=True)["figures"]["words"] = "伍佰零叁万元整"

    def corrected(acts_: list[Any]) -> None:
        of(acts_, "correct_price", last=True)["corrected"] += 1

    def track(acts_: list[Any]) -> None:
        of(acts_, "correct_price", last=True)["order"] = "gov_tender_87"

    def vote(acts_: list[Any]) -> None:
        of(acts_, "vote_price", last=True)["agree"] = False

    def seat(acts_: list[Any]) -> None:
        of(acts_, "vote_price", last=True)["seat"] = 1

    def units(acts_: list[Any]) -> None:
        of(acts_, "quantify")["quantities"]["late"] = "61"

    def time(acts_: list[Any]) -> None:
        next(act for act in acts_ if "until" in act.public and act.name == "evaluation.vote_price").public["until"] = "2030-01-01T00:00:00Z"

    def answer(acts_: list[Any]) -> None:
        of(acts_, "confirm_price")["statement"]["corrected"] -= 1

    for change in (figure, corrected, track, vote, seat, units, time, answer):
        with pytest.MonkeyPatch.context() as patch:

            def altered(*given: Any, change: Callable[[list[Any]], None] = change) -> Dossier:
                change(given[2])
                return Dossier(*given)

            patch.setattr(run, "Dossier", altered)
            assert "ranking" in {line.id for line in verify(path).failed}, change.__name__
